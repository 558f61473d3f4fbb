"""What a centre starts with: the demonstration's data, and the lists of one in production."""

from __future__ import annotations

from haedap.apps.accounts.models import Account
from haedap.apps.centre.models import AwayReason, Number, Prompt, Queue
from haedap.apps.centre.starting_set import NEUTRAL_PROMPTS, centre_data, put_starting_set
from haedap.apps.demo.seed import seed


def test_the_seed_is_whole_and_may_be_repeated(db: None) -> None:
    assert seed() > 150
    assert seed() == 0
    assert Number.objects.get(number="+82200000120").flow_id == "main"
    account = Account.objects.get(username="agent1")
    assert account.check_password("haedap-Demo-1")
    assert not account.must_change_password
    account.name = "바꾼 이름"
    account.save()
    assert seed() == 0
    assert Account.objects.get(username="agent1").name == "바꾼 이름"
    assert [row["key"] for row in centre_data()["queues"]] == list(Queue.objects.values_list("key", flat=True))


def test_a_production_centre_starts_with_lists_and_keeps_what_it_took_out(db: None) -> None:
    assert put_starting_set() > 100
    assert put_starting_set() == 0
    assert set(Prompt.objects.values_list("key", flat=True)) == NEUTRAL_PROMPTS
    assert not Prompt.objects.filter(text__contains="해답시").exists()
    assert not Number.objects.exists()
    AwayReason.objects.all()[0].delete()
    assert put_starting_set() == 0
    assert seed() > 0
