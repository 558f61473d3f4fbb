"""What the HTTP systems of the fake city answer, in their own formats, as strict about the question as the real ones.

Each system is a function from a request to an answer. A question that the real system would refuse is refused in the
real system's shape.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

import msgspec
from lxml import etree

from haedap.fake_city.people import Fine, Household, Levy, household, number_of, number_of_plate

SERVICE_KEY = "haedap-fake+city/key=="  # what needs encoding in an address, as real keys do
CONFIRM_KEY = "haedapFakeCityConfirm"
REST_TOKEN = "haedap-fake-city-token"  # noqa: S105 - public by design
ORGANISATION, SOURCE_SYSTEM, TARGET = "9990000", "HDP", "9990001"
LEVY_INTERFACE, LEDGER_INTERFACE = "LTIS_LVY_0001", "LTIS_PRK_0001"
PETITION_QUERY = "HD_PETITION_LIST"
_ADDRESSES_PER_ROAD = 40


class Request(msgspec.Struct, frozen=True):
    """What came in. `headers` by lower-case name."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    content: bytes


class Response(msgspec.Struct, frozen=True):
    """What goes out."""

    status: int
    kind: str
    content: bytes


@dataclass(frozen=True, slots=True)
class City:
    """Whom the systems know of."""

    seed: int
    people: int
    today: Callable[[], date]
    roads: tuple[tuple[str, str], ...] = field(
        default=(("느티나무로", "행복동"), ("물빛로", "미르동"), ("해답대로", "해솔동"))
    )

    def at(self, number: int | None) -> Household | None:
        return None if number is None or number >= self.people else household(number, self.seed, self.today())

    def of_telephone(self, telephone: str) -> Household | None:
        return self.at(number_of(telephone))

    def of_plate(self, plate: str) -> Household | None:
        found = self.at(number_of_plate(plate))
        return found if found is not None and found.car is not None else None


System = Callable[[City, Request], Response]


def as_json(content: Any, status: int = 200) -> Response:
    return Response(status, "application/json;charset=UTF-8", json.dumps(content, ensure_ascii=False).encode())


def _as_xml(text: str, status: int, character_set: str = "UTF-8") -> Response:
    return Response(status, f"text/xml;charset={character_set}", text.encode(character_set))


# 차세대 세외수입


def ltis(city: City, request: Request, interface: str) -> Response:
    """The gateway: levies of a payer, or the ledger of parking fines."""
    if request.method != "POST":
        return as_json({"message": "Method Not Allowed"}, 405)
    question = _json_of(request)
    wrong = _ltis_mistake(request, question, interface)
    if wrong is not None:
        return _ltis_answer(question, *wrong, [])
    asked = question["body"]["reqVo"]
    rows = _levies(city, asked) if interface == LEVY_INTERFACE else _ledger(city, asked)
    return _ltis_answer(
        question, *(("001", "정상 처리되었습니다.") if rows else ("005", "조회 결과가 없습니다.")), rows
    )


def _ltis_mistake(request: Request, question: Any, interface: str) -> tuple[str, str] | None:
    header = question.get("header") if isinstance(question, dict) else None
    body = question.get("body") if isinstance(question, dict) else None
    if not isinstance(header, dict) or not isinstance(body, dict) or not isinstance(body.get("reqVo"), dict):
        return "006", "전문 형식 오류"
    sent = {name: request.headers.get(name, "") for name in ("if_id", "src_org_cd", "src_sys_cd")}
    if sent != {"if_id": interface, "src_org_cd": ORGANISATION, "src_sys_cd": SOURCE_SYSTEM}:
        return "003", "연계 권한이 없습니다."
    expected = {"ifId": interface, "source": ORGANISATION, "target": TARGET, "ifType": "S", "ifFormat": "J"}
    formats = {"ifDate": r"\d{14}", "ifMsgKey": r"\d{22,32}"}
    if any(header.get(name) != value for name, value in expected.items()):
        return "006", "전문 머리부 오류"
    if any(not re.fullmatch(pattern, str(header.get(name, ""))) for name, pattern in formats.items()):
        return "006", "전문 머리부 오류"
    missing = {"sgbCd", "dmndClCd", "pyrSeCd", "pyrNo"} - set(body["reqVo"])
    return ("002", f"필수 항목 누락: {min(missing)}") if missing else None


def _ltis_answer(question: Any, code: str, message: str, rows: list[dict[str, Any]]) -> Response:
    header = question.get("header") if isinstance(question, dict) else None
    return as_json({"header": header or {}, "body": {"linkRstCd": code, "linkRstMsg": message, "resVo1": rows}})


def _levies(city: City, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    home = city.of_telephone(str(asked["pyrNo"]))
    return [] if home is None else [_levy_row(home, levy) for levy in home.charges]


def _ledger(city: City, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    plate = str(asked.get("vhclNo", ""))
    home = city.of_plate(plate) if plate else city.of_telephone(str(asked["pyrNo"]))
    return [] if home is None else [_fine_row(home, fine) for fine in home.fines]


def _levy_row(home: Household, levy: Levy) -> dict[str, Any]:
    return {
        "lvyKey": levy.key,
        "rprsTxmNm": levy.name,
        "pyrNm": home.name,
        "pyrAddr": home.address,
        "lvyYmd": f"{levy.levied_on:%Y%m%d}",
        "frstPidYmd": f"{levy.due_on:%Y%m%d}",
        "lastPidYmd": f"{levy.due_on:%Y%m%d}",
        "pidAfAmt": str(levy.amount * 103 // 100),
        "frstPctAmt": str(levy.amount),
        "lastPctAmt": str(levy.amount),
        "lastAdtnAmt": str(levy.surcharge),
        "glNm": levy.subject,
        "vtlacBankNm1": "해답은행",
        "vrActno1": levy.account,
        "epayNo": levy.pay_number,
        "arrRsnNm": "납부기한 경과" if levy.surcharge else "",
    }


def _fine_row(home: Household, fine: Fine) -> dict[str, Any]:
    return {
        **_levy_row(home, fine.levy),
        "rgtnHr": fine.seen_at,
        "rgtnPlcNm": fine.place,
        "vhclNm": home.car.model if home.car else "",
        "vhclNo": fine.levy.subject,
        "frstFin": str(fine.first_fine),
        "fin": str(fine.levy.amount),
        "bfRdtAmt": str(fine.reduced),
        "opnSbmsnTermBgngYmd": f"{fine.opinion_from:%Y%m%d}",
        "opnSbmsnTermEndYmd": f"{fine.opinion_until:%Y%m%d}",
        "gpsCdnXaxs": "127.0000000",
        "gpsCdnYaxs": "37.0000000",
        "rgtnSpeclZoneSeNm": fine.zone,
        "rcvmtSeNm": "미수납",
    }


def _json_of(request: Request) -> Any:
    if not request.headers.get("content-type", "").startswith("application/json"):
        return None
    try:
        return json.loads(request.content)
    except ValueError:
        return None


# 새올


def saeol(city: City, request: Request) -> Response:
    """Applications of a citizen, as SOAP with a sealed message inside; the fake city's envelope seals nothing."""
    document = _document_of(request)
    if document is None:
        return _fault("Client", "DOCUMENT가 없습니다.")
    found = {child.tag: (child.text or "") for child in document}
    expected = {"IFID": "SOINN00001", "SRCORGCD": ORGANISATION, "TGTORGCD": TARGET, "RESULTCODE": "000"}
    if any(found.get(name) != value for name, value in expected.items()):
        return _document(found, "310", "")
    if not re.fullmatch(r"\d{25}", found.get("MSGKEY", "")):
        return _document(found, "320", "")
    asked = _condition(found.get("DATA", ""))
    if asked is None:
        return _document(found, "500", "")
    home = city.of_telephone(asked)
    return _document(found, "200", base64.b64encode(_petition_message(home)).decode())


def _document_of(request: Request) -> Any:
    root = _xml_of(request.content)
    return None if root is None else root.find("{http://schemas.xmlsoap.org/soap/envelope/}Body/DOCUMENT")


def _condition(data: str) -> str | None:
    """The only condition of the question inside DATA; None when it is none that can be answered."""
    try:
        root = _xml_of(base64.b64decode(data, validate=True))
    except ValueError:
        return None
    if root is None or root.findtext("body/query_id") != PETITION_QUERY or root.find("body/dataList") is None:
        return None
    asked = root.findtext("body/cndList/cnd")
    return None if asked is None else str(asked)


def _petition_message(home: Household | None) -> bytes:
    rows = [] if home is None else home.petitions
    lists = "".join(
        f"<list><mw_no>{row.number}</mw_no><mw_nm>{escape(row.title)}</mw_nm><dept_nm>{escape(row.office)}</dept_nm>"
        f"<rcpt_ymd>{row.received_on:%Y%m%d}</rcpt_ymd><prcs_ymd>{row.due_on:%Y%m%d}</prcs_ymd>"
        f"<state_nm>{row.state}</state_nm></list>"
        for row in rows
    )
    body = f"<query_id>{PETITION_QUERY}</query_id>{lists}<res_cnt>{len(rows)}</res_cnt>"
    return f'<?xml version="1.0" encoding="EUC-KR"?><message><body>{body}</body></message>'.encode("euc-kr")


def _document(found: Mapping[str, str], code: str, data: str) -> Response:
    names = ("IFID", "SRCORGCD", "TGTORGCD", "MSGKEY")
    parts = "".join(f"<{name}>{escape(found.get(name, ''))}</{name}>" for name in names)
    return _soap(f"<DOCUMENT>{parts}<RESULTCODE>{code}</RESULTCODE><DATA>{data}</DATA></DOCUMENT>")


def _soap(body: str, status: int = 200, character_set: str = "UTF-8") -> Response:
    space = "http://schemas.xmlsoap.org/soap/envelope/"
    head = f'<?xml version="1.0" encoding="{character_set}"?>'
    envelope = f'{head}<s:Envelope xmlns:s="{space}"><s:Body>{body}</s:Body></s:Envelope>'
    return _as_xml(envelope, status, character_set)


def _fault(code: str, text: str, character_set: str = "UTF-8") -> Response:
    detail = f"<faultcode>s:{code}</faultcode><faultstring>{escape(text)}</faultstring>"
    return _soap(f"<s:Fault>{detail}</s:Fault>", 500, character_set)


def _xml_of(content: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


# 도서관: a SOAP service of another maker, in EUC-KR


def library(city: City, request: Request) -> Response:
    """Overdue books of a member."""
    root = _xml_of(request.content)
    member = None if root is None else root.findtext(".//{urn:haedap:library}GetOverdue/member")
    if request.headers.get("soapaction") != '"urn:haedap:library#GetOverdue"' or not member:
        return _fault("Client", "GetOverdue가 아닙니다.", "EUC-KR")
    home = city.of_telephone(member)
    books = range(0 if home is None else home.overdue_books)
    rows = "".join(
        f"<book><title>해답시 이야기 {index + 1}권</title><days>{index + 3}</days></book>" for index in books
    )
    answer = f'<r:GetOverdueResponse xmlns:r="urn:haedap:library"><code>OK</code>{rows}</r:GetOverdueResponse>'
    return _soap(answer, character_set="EUC-KR")


# 대형폐기물: a REST service of a maker


def bulky_waste(city: City, request: Request) -> Response:
    """What a citizen has reported to be fetched."""
    if request.headers.get("authorization") != f"Bearer {REST_TOKEN}":
        return as_json({"error": "unauthorized"}, 401)
    found = re.fullmatch(r"/bulky-waste/v1/reporters/(\d+)/items", request.path)
    if request.method != "GET" or found is None:
        return as_json({"error": "not found"}, 404)
    home = city.of_telephone(found.group(1))
    items = () if home is None else home.bulky_waste
    day = city.today()
    return as_json({"items": [{"what": item, "pickup": day.isoformat(), "fee": "7,000원"} for item in items]})


# 공공데이터포털


def parking_lots(_city: City, request: Request) -> Response:
    """Public parking lots of a quarter; one comes as an object, several as an array, none as an empty text."""
    if request.query.get("serviceKey") != SERVICE_KEY:
        return gateway_error("30", "SERVICE_KEY_IS_NOT_REGISTERED_ERROR")
    if request.query.get("_type") != "json" or not request.query.get("numOfRows", "").isdigit():
        return gateway_error("10", "INVALID_REQUEST_PARAMETER_ERROR")
    town = request.query.get("dong", "")
    lots = [
        {
            "prkplceNm": f"{town} 공영주차장 {index + 1}",
            "rdnmadr": f"해답시 {town} {index + 1}",
            "prkcmprt": 40 + index * 25,
        }
        for index in range({"행복동": 1, "미르동": 3}.get(town, 0))
    ]
    items: Any = "" if not lots else {"item": lots[0] if len(lots) == 1 else lots}
    body = {"items": items, "numOfRows": len(lots), "pageNo": 1, "totalCount": len(lots)}
    return as_json({"response": {"header": {"resultCode": "00", "resultMsg": "NORMAL SERVICE."}, "body": body}})


def gateway_error(code: str, reason: str, status: int = 200) -> Response:
    """The gateway's own error: XML, whatever was asked for."""
    header = f"<errMsg>SERVICE ERROR</errMsg><returnAuthMsg>{reason}</returnAuthMsg>"
    header += f"<returnReasonCode>{code}</returnReasonCode>"
    text = f"<OpenAPI_ServiceResponse><cmmMsgHeader>{header}</cmmMsgHeader></OpenAPI_ServiceResponse>"
    return _as_xml(text, status)


# 도로명주소


def road_address(city: City, request: Request) -> Response:
    """Addresses whose road or quarter is the keyword's first word."""
    if request.method != "GET" or request.query.get("resultType") != "json":
        return _juso("E0005", "검색어가 입력되지 않았습니다.", [])
    if request.query.get("confmKey") != CONFIRM_KEY:
        return _juso("E0001", "승인되지 않은 KEY 입니다.", [])
    keyword = request.query.get("keyword", "").removeprefix("해답시").strip()
    if len(keyword) < 2:
        return _juso("E0008", "검색어는 두글자 이상 입력되어야 합니다.", [])
    rows = [_address(index, *road) for road in city.roads for index in range(1, _ADDRESSES_PER_ROAD)]
    words = keyword.split()
    found = [row for row in rows if all(word in row["roadAddr"] or word in row["jibunAddr"] for word in words)]
    most = int(request.query.get("countPerPage", "10"))
    return _juso("0", "정상", found[:most], len(found))


def _address(index: int, road: str, town: str) -> dict[str, str]:
    code = f"99{len(road):03}{len(town):03}00"
    return {
        "roadAddr": f"해답시 {road} {index} ({town})",
        "roadAddrPart1": f"해답시 {road} {index}",
        "jibunAddr": f"해답시 {town} {index * 3}-{index % 7 + 1}",
        "engAddr": f"{index}, Haedap-si",
        "zipNo": f"00{index % 900 + 100}",
        "admCd": code,
        "rnMgtSn": f"{code}{index:02}",
        "bdMgtSn": f"{code}{index:015}",
        "emdNm": town,
        "rn": road,
        "buldMnnm": str(index),
    }


def _juso(code: str, message: str, rows: list[dict[str, str]], count: int = 0) -> Response:
    common = {"errorCode": code, "errorMessage": message, "totalCount": str(count), "currentPage": "1"}
    return as_json({"results": {"common": common, "juso": rows or None}})


SYSTEMS: Mapping[str, tuple[str, System]] = {
    "non_tax": ("/non-tax/mediate/ltis", lambda city, request: ltis(city, request, LEVY_INTERFACE)),
    "parking_fine": ("/parking-fine/mediate/ltis", lambda city, request: ltis(city, request, LEDGER_INTERFACE)),
    "petition": ("/saeol/services/SoinnService", saeol),
    "library": ("/library/soap", library),
    "bulky_waste": ("/bulky-waste/v1/", bulky_waste),
    "parking_lot": ("/6260000/ParkingLotService/getParkingLotList", parking_lots),
    "road_address": ("/addrlink/addrLinkApi.do", road_address),
}
"""By the key of its configuration: where each system listens (with `/` at the end: below there), and its answers."""


def system_at(path: str) -> str | None:
    """Whose address this is."""
    for name, (place, _answers) in SYSTEMS.items():
        if path == place or (place.endswith("/") and path.startswith(place)):
            return name
    return None


def query_of(text: bytes) -> dict[str, str]:
    """The parameters of an address, decoded as UTF-8."""
    return dict(parse_qsl(text.decode("ascii", "replace"), keep_blank_values=True))
