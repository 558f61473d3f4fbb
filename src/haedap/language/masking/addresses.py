"""Rules for addresses: by road (중앙로12길 34), by lot (행복동 123-4번지), and of a dwelling alone (101동 1203호)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from haedap.language.masking.spans import Kind, Span

_KO = "[일이삼사오육륙칠팔구십백천]"
_NUMBER = r"(?:지하[ ]?)?[0-9]{1,4}(?:[ ]?(?:-|다시)[ ]?[0-9]{1,4})?"
_KO_NUMBER = rf"{_KO}{{1,7}}(?:[ ]?다시[ ]?{_KO}{{1,5}})?"
_NO_UNIT = (
    r"(?![0-9.]|,[0-9]{3}|[ ]?(?:원|만|천|억|월|일(?![가-힣])|년|시(?!청)|분(?!당)|초|번(?![지길])|개|명|건|회|장|층|차|세대|가구|부|매|m|미터|"
    r"km|킬로|㎡|톤|%|퍼센트|세|살|조|항|주|킬로|곳|군데|대|호선|배|종|가지|단계|등급|:))"
)

_ROAD = re.compile(
    r"(?P<name>[가-힣][가-힣0-9.]{0,9}?(?:대로|로|길))(?P<branch>[ ]?(?:[0-9]{1,4}[가-하]?|[동서남북중])(?:번길|안길|길))?[ ]?"
    rf"(?P<number>{_NUMBER})(?P<lot>[ ]?번지)?{_NO_UNIT}"
)
_ROAD_SPOKEN = re.compile(
    rf"(?P<name>[가-힣]{{1,8}}(?:대로|로|길))(?P<branch>[ ]?{_KO}{{1,4}}(?:번길|길))?[ ](?P<number>{_KO_NUMBER})(?P<lot>[ ]?번지)?"
    r"(?=[ ]?(?:번지|에|입|이[고에라]|예|호|,|$)|[ ])"
)
_LOT = re.compile(
    rf"(?P<name>[가-힣]{{1,6}}[0-9]{{0,2}}(?:동|리)|[가-힣]{{1,4}}(?:로)?[ ]?[1-9]가)[ ]?(?P<hill>산[ ]?)?(?P<number>{_NUMBER}|{_KO_NUMBER}(?=[ ]?번지))"
    rf"(?P<lot>[ ]?번지)?{_NO_UNIT}"
)
_BUILDING = (
    r"아파트|빌라|빌딩|타워|맨션|오피스텔|연립|주택|하이츠|자이|푸르지오|래미안|힐스테이트|아이파크|편한세상|더샵|캐슬|파크|팰리스|타운|단지|"
    r"마을|상가|빌|하임|스테이|센트럴|리버뷰|뷰|휴먼시아|주공|그린|원룸|고시원|고시텔|기숙사|하우스|프라자|플라자|코아|에듀|시티|포레|베르디움|센트레빌|에버빌|궁전"
)
_HOUSE_NUMBER = r"(?:[0-9]{1,4}|[가-하]|[A-Za-z])"
_DWELLING = re.compile(
    rf"(?P<building>(?:[가-힣A-Za-z0-9]{{1,12}}(?:{_BUILDING})(?:[ ]?[0-9]{{1,2}}(?:차|단지))?)[ ,]{{0,2}})?"
    rf"(?:(?P<house>(?<![0-9가-힣])[0-9]{{1,4}}동|(?<=[가-힣])[0-9]{{2,4}}동)[ ,]{{0,2}}(?:[0-9]{{1,2}}층[ ,]{{0,2}})?(?:제)?(?P<flat>[0-9]{{2,4}}호(?!선|기|점))?|"
    r"(?P<only>(?<![0-9가-힣])(?:[0-9]{1,2}층[ ]?)?(?:[BbＢ]?[0-9]{2,4}|지하[ ]?[0-9]{1,3})호(?!선|기|점|차))|(?P<pair>(?<![0-9])[0-9]{2,4}-[0-9]{3,4}호?(?![0-9-])))"
)
_DWELLING_SPOKEN = re.compile(
    r"(?<![가-힣])(?:[공영일이삼사오육칠팔구십백천]{1,6})[ ]?동[ ]?(?:[공영일이삼사오육칠팔구십백천]{1,7})[ ]?호(?!선|기)"
)

_SIDO = (
    r"(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충청[남북]|충[남북]|전라[남북]|전[남북]|경상[남북]|경[남북]|제주)"
    r"(?:특별자치시|특별자치도|특별시|광역시|시|도)?"
)
_REGIONS_BEFORE = re.compile(
    rf"(?<![가-힣])(?:{_SIDO}[ ]?)?(?:(?!다시|혹시|잠시|역시|친구|누구)[가-힣]{{1,5}}(?:시|군|구)[ ]?){{0,2}}(?:[가-힣]{{1,5}}(?:읍|면)[ ]?)?"
    r"(?:[가-힣]{1,5}[0-9]?(?:동|리)[ ]?)?$"
)
_DETAILS = re.compile(
    rf"(?:[ ,]{{0,2}}\((?:[가-힣0-9]{{1,8}}(?:동|가|리))?[, ]{{0,2}}[가-힣A-Za-z0-9 ]{{0,14}}\)|"
    rf"[ ,]{{1,2}}[가-힣A-Za-z0-9]{{0,12}}(?:{_BUILDING})(?:[ ]?[0-9]{{1,2}}(?:차|단지))?(?![가-힣]*[을를은는])|"
    rf"[ ,]{{1,2}}(?!번지)[가-힣A-Za-z]{{2,12}}[ ]?(?=[0-9]{{1,4}}동[ ]?[0-9]{{1,4}}호|(?:지하[ ]?)?[0-9]{{1,2}}층|[0-9]{{2,4}}호)|"
    rf"[ ,]{{0,2}}{_HOUSE_NUMBER}동(?![가-힣 ]*(?:주민|행정))|[ ,]{{0,2}}(?:지하[ ]?)?[0-9]{{1,2}}층|[ ,]{{0,2}}(?:제)?[Bb]?[0-9]{{1,4}}호(?!선|기)|"
    r"[ ,]{0,2}(?:반지하|옥탑방?|지층)|[ ,]{1,2}[0-9]{2,4}-[0-9]{3,4}호?(?![0-9-])|[ ,]{0,2}"
    r"[공영일이삼사오육칠팔구십백천]{1,6}[ ]?동[ ]?[공영일이삼사오육칠팔구십백천]{1,7}[ ]?호)+"
)
_WORD_BEFORE = re.compile(r"(?<![가-힣])(?P<word>[가-힣A-Za-z0-9]{2,12})[ ]$")
_NO_BUILDING = re.compile(
    r"(?:[은는이가에을를의로도서요고데며면만]|주소|저희|우리|집|여기|거기|현재|지금|까지|부터|세대|민원|입니다|주소지|거주|거주지|입주민|입주자|호수|동호수|아랫집|윗집|위층|아래층|옆집)$"
)

_HOME = re.compile(
    r"(?:주소|주소지|사는|살고|거주|집|이사|전입|전출|배송|소재|자택|댁|본가|우편물|발송|보내)[^0-9]{0,20}$"
)
_HOME_AFTER = re.compile(
    r"^(?:[ ]?[가-힣]{0,3})[ ]?(?:살|사는|사시|거주|집|입주|주민|세대|로 (?:이사|전입|보내|발송|배송)|입니다|이에요|예요|인데요?|이고|이요|이구)"
)
_OFFICE = (
    r"시청|구청|군청|도청|청사|주민센터|복지센터|행정센터|읍사무소|면사무소|동사무소|보건소|보건지소|민원실|사업소|도서관|박물관|체육관|체육센터|"
    r"문화센터|문화회관|복지관|공영주차장|경찰서|소방서|교육청|세무서|법원|등기소|우체국|시민회관|예술회관|평생학습관|선별진료소|투표소|미술관|수련관|청소년센터"
)
_OFFICE_BEFORE = re.compile(
    rf"(?:{_OFFICE})(?:[ ]?(?:본관|별관|민원동|신관))?(?:[ ]?(?:주소|위치|소재지))?(?:은|는|이|가)?[ :,(]{{0,3}}(?:도로명)?[ ]?$"
)
_OFFICE_AFTER = re.compile(
    rf"^[ ,(]{{0,3}}(?:에[ ]?(?:있는|위치한)[ ]?)?(?:[가-힣0-9]{{0,8}})?[ ]?(?:{_OFFICE})(?![ ]?(?:옆|앞|근처|맞은편|건너|뒤|인근|부근|쪽))"
)
_OFFICE_ROOM = re.compile(
    rf"(?:{_OFFICE}|본관|별관|신관|회관|강당|센터|학교|병원|호텔)[ ,]{{0,2}}(?:[가-힣]{{0,4}}[ ]?)?(?:[0-9]{{1,2}}층[ ]?)?$"
)
_ROOM_AFTER = re.compile(
    r"^[ ]?(?:회의실|강의실|강당|창구|상담실|민원실|법정|진료실|교실|대기실|세미나실|사무실|로[ ]?(?:오시|가시|방문))"
)

_NOT_ROADS = frozenset(
    "전화 문자 카드 계좌 현금 메일 이메일 팩스 번호 주소 위 아래 바 서 새 따 별 그대 제 대 도 선 차 철 통 진 경 회 기 자 추가 대표 실제 임의 개별 여기 "
    "거기 어디 이리 저리 하루 최대 최소 스스 절대 함부 날 때 홀 두루 수시 무료 유료 정상 방문 우편 택배 등기 인터넷 온라인 어플 앱 버스 지하철 택시 도보 "
    "자동차 피 위 통 항 활주 육 수 해 경 고속도 국도 지방도 차 인도 도 보 횡단보도 하수 상수 용수 배수 폐 공 미 기 말 종류 순서 차례 별도 자체 임시 일시 "
    "정기 유선 구두 서면 대 단체 그룹 세트 나이 가격 할인가 특가 요금 시세 평균 합계 총 각 매일 매달 매년 분기 반 비용 벌 수수료 과태료 세 금 이자 원금 "
    "이후 이전 이상 이하 기준 대비 대신 위주 사이 간격 크기 넓이 높이 길이 무게 속도 온도 정도 비율 배율 순 등 급 회차 호 줄 칸 면 쪽 장 권 편 곡 "
    "어느 이 그 저 요 고 외 내 대체 주 부 상대적으 의외 참고 반대 강제 자동 수동 직접적으 만약으 예 예시 사례 경우 목적 용도 이유 사유 원인 결과 문제 관련".split()
)
_NOT_PLACES = frozenset(
    "활동 자동 행동 이동 아동 운동 전동 공동 노동 냉동 변동 작동 진동 출동 수동 감동 소동 발동 가동 기동 유동 부동 합동 선동 충동 파동 제동 시동 구동 "
    "관리 처리 정리 거리 수리 분리 머리 우리 자리 마리 소리 빨리 멀리 미리 널리 달리 권리 심리 논리 요리 윤리 의리 이리 저리 다리 꼬리 허리 뿌리 유리 "
    "대리 금리 승리 진리 조리 원리 편리 영리 서리 무리 도리 사거리 삼거리 네거리 오거리 걸거리 먹거리 볼거리 쓰레기분리 물리 생리 비리 격리 총리 경리 교리 "
    "비동 해당동 같은동 옆동 전체동 각동 우리동 저희동 앞동 뒷동 한동 별동 관리동 상가동 몇동".split()
)


def find_addresses(view: str) -> Iterator[Span]:
    """Addresses down to a house, a lot or a dwelling. Those of public buildings are left alone, as far as they are said to be."""
    yield from _streets(view)
    yield from _dwellings(view)


def _streets(view: str) -> Iterator[Span]:
    for pattern in (_ROAD, _LOT, _ROAD_SPOKEN):
        for found in pattern.finditer(view):
            start = _regions_start(view, found.start())
            end = _details_end(view, found.end())
            if _is_address(view, found, start, end) and not _is_office(view, start, end):
                yield Span(start, end, Kind.ADDRESS)


def _is_address(view: str, found: re.Match[str], start: int, end: int) -> bool:
    name = found["name"]
    within = start < found.start() and view[start : found.start()].strip()[-1:] in set("시군구읍면동리도")
    if name.endswith(("동", "리", "가")):
        return _is_lot(found, name, within=bool(within)) or (
            name not in _NOT_PLACES and _at_home(view, start, end) and found["number"][0].isdigit()
        )
    if name.endswith("으로") or name[:-1] in _NOT_ROADS or len(name) < 2:
        return False
    spoken = not re.search("[0-9]", found["number"])
    if within or end > found.end() or found["branch"] or found["lot"]:
        return not spoken or bool(within or found["lot"] or found["branch"])
    if spoken:
        return _at_home(view, start, end)
    return len(name) > 2 or _at_home(view, start, end)


def _is_lot(found: re.Match[str], name: str, *, within: bool) -> bool:
    if name in _NOT_PLACES or (name.endswith("리") and not (within or found["lot"])):
        return False
    return bool(found["lot"]) or within or (found["hill"] or "-" in found["number"]) is not False


def _at_home(view: str, start: int, end: int) -> bool:
    before = view[max(0, start - 30) : start].rpartition("\n")[2]
    return _HOME.search(before) is not None or _HOME_AFTER.search(view[end : end + 16]) is not None


def _is_office(view: str, start: int, end: int) -> bool:
    before = view[max(0, start - 30) : start]
    return _OFFICE_BEFORE.search(before) is not None or _OFFICE_AFTER.search(view[end : end + 30]) is not None


def _regions_start(view: str, at: int) -> int:
    """Where the names of the regions begin that stand before a street."""
    from_ = max(0, at - 34)
    found = _REGIONS_BEFORE.search(view[from_:at])
    return from_ + found.start() if found else at


def _details_end(view: str, at: int) -> int:
    """Where building, floor and flat end that stand after a street."""
    found = _DETAILS.match(view, at)
    return found.end() if found else at


def _dwellings(view: str) -> Iterator[Span]:
    for found in _DWELLING.finditer(view):
        if _is_dwelling(view, found):
            yield Span(_building_start(view, found), found.end(), Kind.ADDRESS)
    for found in _DWELLING_SPOKEN.finditer(view):
        yield Span(found.start(), found.end(), Kind.ADDRESS)


def _is_dwelling(view: str, found: re.Match[str]) -> bool:
    if _OFFICE_ROOM.search(view[max(0, found.start() - 20) : found.start()]) or _ROOM_AFTER.match(view, found.end()):
        return False
    if found["flat"] and found["house"]:
        return True
    if found["building"]:
        return bool(found["only"] or found["house"] or found["pair"])
    return (
        bool(found["only"] or found["house"] and not found["pair"])
        and bool(found["only"])
        and _at_home(view, found.start(), found.end())
    )


def _building_start(view: str, found: re.Match[str]) -> int:
    """A word before the dwelling is taken for its building unless its form says otherwise."""
    if found["building"] or not found["flat"]:
        return found.start()
    from_ = max(0, found.start() - 14)
    word = _WORD_BEFORE.search(view[from_ : found.start()])
    if word is None or _NO_BUILDING.search(word["word"]):
        return found.start()
    return from_ + word.start("word")
