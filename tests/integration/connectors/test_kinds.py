"""Each kind against a real server that is strict about the wire format, over real sockets."""

import json
import unicodedata
from datetime import date
from typing import Any, Literal

import pytest

from haedap.connectors.configured import ConfiguredConnector
from haedap.connectors.port import Answer, ConnectorError, FailureCode, Misconfigured, PermanentFailure, SubjectInvalid
from haedap.connectors.registry import build, kinds
from haedap.connectors.settlement import Settlement, meter_of, settle
from haedap.connectors.shipped import shipped
from haedap.connectors.tariff import demo_tariff
from haedap.fake_city.people import Household, household
from tests.support.city import TODAY, WORLD, TestCity, ask

CALLER = "+821000001234"
HONG = household(1234, 1, TODAY)


def someone(having: str) -> Household:
    """The first person of the city with any of these."""
    return next(home for number in range(1300) if getattr(home := household(number, 1, TODAY), having))


def with_system(city: TestCity, key: str, **system: Any) -> dict[str, Any]:
    configuration = city.configuration(key)
    return {**configuration, "system": {**configuration["system"], **system}}


async def test_every_kind_has_a_shipped_configuration() -> None:
    assert {one["kind"] for one in shipped().values()} == set(kinds())


@pytest.mark.parametrize("records", ["items", "items[?fee]", "items[].item | [0]", ""])
async def test_an_error_that_comes_as_a_good_answer_is_not_read_as_nothing(city: TestCity, records: str) -> None:
    """The control says something else, with HTTP 200: nobody may tell the citizen that nothing is known of them."""
    with pytest.raises(ConnectorError) as caught:
        await ask(elsewhere(city, records), telephone=CALLER)
    assert caught.value.failure is FailureCode.UNREADABLE


async def test_who_leaves_out_the_records_when_there_are_none_can_be_configured(city: TestCity) -> None:
    assert (await ask(elsewhere(city, "items || `[]`"), telephone=CALLER)).records == ()


def elsewhere(city: TestCity, records: str) -> ConfiguredConnector:
    """A REST system that has no result codes, asked where something else answers."""
    configuration = with_system(city, "bulky_waste", request={"path": "/control"})
    answer = {**configuration["answer"], "records": records}
    return build({**configuration, "answer": answer}, city.secrets("bulky_waste"), WORLD)


async def test_local_tax_from_a_view(city: TestCity) -> None:
    answer = await ask(city.connector("local_tax"), telephone="010-0000-1234")
    assert {record.values["name"]: record.values["amount"] for record in answer.records} == {
        tax.name: tax.amount for tax in HONG.taxes
    }
    open_taxes = [tax for tax in HONG.taxes if tax.paid_on is None]
    total = sum(tax.amount + tax.surcharge for tax in open_taxes)
    assert answer.read_out.startswith(f"납부하실 지방세는 {len(open_taxes)}건, 모두 {total:,}원입니다.")
    assert "11월 30일" in answer.read_out


async def test_water_and_its_moving_settlement(city: TestCity) -> None:
    answer = await ask(city.connector("water"), telephone=CALLER)
    meter = meter_of(answer.records[0])
    assert (meter.last_reading, meter.last_reading_on) == (HONG.meter.last_reading, HONG.meter.last_reading_on)
    settled = settle(meter, demo_tariff(), meter.last_reading + 10, TODAY, TODAY)
    assert isinstance(settled, Settlement)
    assert settled.total > HONG.meter.unpaid


async def test_the_customer_number_wins_over_the_telephone(city: TestCity) -> None:
    other = household(7, 1, TODAY).meter.customer_number
    answer = await ask(city.connector("water"), telephone=CALLER, customer_number=other)
    assert [record.values["customer_number"] for record in answer.records] == [other]


async def test_a_view_is_never_read_without_a_condition(city: TestCity) -> None:
    with pytest.raises(SubjectInvalid) as caught:
        await ask(city.connector("water"))
    assert "전화번호" in caught.value.sentence


@pytest.mark.parametrize("form", ["NFC", "NFD"])
async def test_vehicle_by_its_plate_with_spaces(city: TestCity, form: Literal["NFC", "NFD"]) -> None:
    answer = await ask(city.connector("vehicle"), telephone="", plate=unicodedata.normalize(form, "00마 1234"))
    assert [record.title for record in answer.records] == ["00마1234"]


async def test_charges_from_the_gateway(city: TestCity) -> None:
    answer = await ask(city.connector("non_tax"), telephone=CALLER)
    (record,) = answer.records
    (levy,) = HONG.charges
    assert record.values["amount"] == levy.amount
    assert record.values["due"] == levy.due_on
    assert record.values["account"] == f"해답은행 {levy.account}"
    assert f"{levy.name} {levy.amount:,}원, 납부 기한은 11월 30일입니다." in answer.read_out


async def test_nothing_found_is_an_answer(city: TestCity) -> None:
    answer = await ask(city.connector("non_tax"), telephone="01000009999")
    assert answer.records == ()
    assert answer.read_out == "납부하실 세외수입이 없습니다."


@pytest.mark.parametrize("field", ["source", "source_system", "interface", "target"])
async def test_the_gateway_refuses_a_wrong_code(city: TestCity, field: str) -> None:
    connector = build(with_system(city, "non_tax", **{field: "WRONG"}), {}, WORLD)
    with pytest.raises(Exception, match=r"code '00[36]'"):
        await ask(connector, telephone=CALLER)


async def test_parking_fines_by_payer_and_by_plate(city: TestCity) -> None:
    by_payer = await ask(city.connector("parking_fine"), telephone=CALLER)
    by_plate = await ask(city.connector("parking_fine"), telephone="01000000001", plate="00마1234")
    assert [record.values["fine"] for record in by_payer.records] == [HONG.fines[0].levy.amount]
    assert by_plate.records == by_payer.records
    assert "오후" in by_payer.read_out


async def test_petitions_through_soap_base64_and_euc_kr(city: TestCity) -> None:
    home = someone("petitions")
    answer = await ask(city.connector("petition"), telephone=home.telephone)
    assert [record.title for record in answer.records] == [petition.title for petition in home.petitions]
    assert answer.records[0].values["due"] == home.petitions[0].due_on


async def test_an_envelope_that_is_not_there_is_a_matter_of_configuration(city: TestCity) -> None:
    with pytest.raises(Misconfigured, match="envelope 'gpki'"):
        build(with_system(city, "petition", envelope="gpki"), {}, WORLD)


@pytest.mark.parametrize(("town", "count"), [("행복동", 1), ("미르동", 3), ("없는동", 0)])
async def test_object_array_and_empty_text_of_the_portal(city: TestCity, town: str, count: int) -> None:
    answer = await ask(city.connector("parking_lot"), town=town)
    assert len(answer.records) == count


async def test_the_portals_key_in_its_encoded_form(city: TestCity) -> None:
    encoded = {"service_key": "haedap-fake%2Bcity%2Fkey%3D%3D"}
    answer = await ask(build(city.configuration("parking_lot"), encoded, WORLD), town="미르동")
    assert len(answer.records) == 3


@pytest.mark.parametrize(("key", "secret"), [("parking_lot", "service_key"), ("road_address", "confirm_key")])
async def test_a_wrong_key_is_said_without_saying_the_key(city: TestCity, key: str, secret: str) -> None:
    connector = build(city.configuration(key), {secret: "not-the-key"}, WORLD)
    with pytest.raises(Misconfigured) as caught:
        await ask(connector, town="미르동", keyword="느티나무로")
    assert caught.value.failure is FailureCode.KEY
    assert "not-the-key" not in str(caught.value) + caught.value.sentence


async def test_addresses(city: TestCity) -> None:
    one = await ask(city.connector("road_address"), keyword="물빛로 38")
    assert one.read_out == "주소는 해답시 물빛로 38 (미르동), 우편번호는 00138입니다."
    with pytest.raises(PermanentFailure):
        await ask(city.connector("road_address"), keyword="해답시")


async def test_rest_without_code(city: TestCity) -> None:
    home = someone("bulky_waste")
    answer = await ask(city.connector("bulky_waste"), telephone=home.telephone)
    assert [record.title for record in answer.records] == list(home.bulky_waste)
    assert answer.records[0].values == {"what": home.bulky_waste[0], "pickup": TODAY, "fee": 7000}
    with pytest.raises(Misconfigured) as caught:
        await ask(build(city.configuration("bulky_waste"), {"token": "x"}, WORLD), telephone=home.telephone)
    assert caught.value.failure is FailureCode.KEY


async def test_soap_without_code_in_euc_kr(city: TestCity) -> None:
    home = someone("overdue_books")
    answer = await ask(city.connector("library"), telephone=home.telephone)
    assert answer.records[0].title == "해답시 이야기 1권"
    assert len(answer.records) == home.overdue_books


async def test_a_soap_client_fault_is_permanent(city: TestCity) -> None:
    with pytest.raises(PermanentFailure):
        await ask(build(with_system(city, "library", action="urn:other"), {}, WORLD), telephone=CALLER)


INJECTIONS = ["' OR '1'='1", "x'; DROP TABLE city.tax; --", "%s", "%(x)s", "{{ secrets }}", "\\", "../../control"]


@pytest.mark.parametrize("value", INJECTIONS)
async def test_what_a_citizen_says_never_becomes_part_of_a_question(city: TestCity, value: str) -> None:
    free = {"name": "telephone", "label": "번호"}
    for key in ("local_tax", "non_tax", "petition", "library", "bulky_waste"):
        configuration = city.configuration(key)
        text = json.dumps(configuration["system"]).replace("{{ telephone | domestic }}", "{{ telephone }}")
        system = json.loads(text)
        connector = build({**configuration, "subject": [free], "system": system}, city.secrets(key), WORLD)
        assert await _outcome(connector, value) in (0, "PermanentFailure", "Misconfigured")
    assert (await ask(city.connector("local_tax"), telephone=CALLER)).records


async def _outcome(connector: Any, value: str) -> int | str:
    try:
        answer: Answer = await ask(connector, telephone=value)
    except (PermanentFailure, Misconfigured) as error:
        return type(error).__name__
    return len(answer.records)


async def test_the_reader_can_only_read_its_views(city: TestCity) -> None:
    for view in (["city", "tax"], ["city", "behaviour"], ["pg_authid"]):
        with pytest.raises(Misconfigured, match="42"):
            await ask(build(with_system(city, "local_tax", view=view), {}, WORLD), telephone=CALLER)


async def test_only_configured_columns_are_fetched(city: TestCity) -> None:
    configuration = city.configuration("local_tax")
    answer_rules = {**configuration["answer"], "fields": [{"name": "due_on", "label": "기한", "type": "date"}]}
    plain = {**configuration, "answer": {**answer_rules, "title": "세금"}, "read_out": {"some": "있음", "none": "없음"}}
    answer = await ask(build(plain, {}, WORLD), telephone=CALLER)
    assert all(list(record.values) == ["due_on"] for record in answer.records)
    assert all(isinstance(record.values["due_on"], date) for record in answer.records)


async def test_more_rows_than_wanted_are_refused_rather_than_cut(city: TestCity) -> None:
    with pytest.raises(PermanentFailure, match="more than 1 rows"):
        await ask(build(with_system(city, "local_tax", most=1), {}, WORLD), telephone=CALLER)


async def test_a_dead_address_is_temporary(city: TestCity) -> None:
    nowhere = with_system(city, "non_tax", site={"address": "http://127.0.0.1:9", "unencrypted": True})
    no_socket = with_system(city, "local_tax", host="/nonexistent")
    for configuration in (nowhere, no_socket):
        with pytest.raises(Exception, match=r"wire failed|database failed") as caught:
            await ask(build(configuration, {}, WORLD), telephone=CALLER)
        assert caught.value.failure is FailureCode.UNREACHABLE  # type: ignore[attr-defined]


def test_control_refuses_what_it_does_not_know(city: TestCity) -> None:
    for path, body in (("nobody", {}), ("water", {"fault": "flood"}), ("water", {"delay_ms": -1})):
        answer = city.control.put(f"/control/{path}", json=body)
        assert answer.status_code == 400
        assert answer.json()["error"]
