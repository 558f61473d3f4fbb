"""Words beside a number that say what it is. Cues are looked for in the line just before or just after it."""

from __future__ import annotations

import re

from haedap.language.masking.vocabulary import any_of

_PARTICLE = r"(?:번호)?[ ]?(?:은요|는요|은|는|이|가|을|를|로|으로|도|만)?[ ]?(?:이)?[ :=;.,(<\[-]{0,4}"
_BANK = any_of("banks")

ACCOUNT = re.compile(rf"{any_of('account_words')}[^0-9]{{0,16}}$|{_BANK}[^0-9]{{0,14}}$", re.IGNORECASE)
ACCOUNT_AFTER = re.compile(
    rf"^[ (,/]{{0,3}}(?:{_BANK}[ ]?(?:은행|이고|이에요|입니다|계좌|통장|으로|로|\))|(?:계좌|통장))|"
    r"^[ ]?(?:으로|로|에|여기로)[ ]?(?:다시[ ]?)?(?:환급|환불|입금|송금|이체|넣어|보내|부쳐)"
)
BANK_JUST_BEFORE = re.compile(rf"(?:{_BANK}|계좌|통장)(?:계좌|통장)?{_PARTICLE}$", re.IGNORECASE)
CARD = re.compile(rf"{any_of('card_words')}[^0-9]{{0,14}}$", re.IGNORECASE)
RESIDENT = re.compile(r"(?:주민|주번|외국인|민증|거소)[^0-9]{0,16}$")
FOREIGNER = re.compile(r"(?:외국인|거소)[^0-9]{0,16}$")
LICENCE = re.compile(r"(?:면허)[^0-9]{0,14}$")
PHONE = re.compile(rf"{any_of('telephone_words')}{_PARTICLE}$", re.IGNORECASE)
OWN = re.compile(any_of("own"))
PUBLIC = re.compile(
    rf"(?:{any_of('offices')}|[가-힣]{{1,6}}(?:과|팀|국|실|계|청))"
    rf"[^0-9\n,./]{{0,10}}{_PARTICLE}$"
)
PUBLIC_AFTER = re.compile(
    r"^[ ]?\(?(?:[가-힣]{1,8}(?:과|팀|센터|구청|시청|보건소|사업소|사무소|민원실)|대표(?:전화|번호)|콜센터)"
)
OTHER = re.compile(
    rf"{any_of('other_numbers')}[ ]?(?:번호|No\.?|넘버|코드)?(?:은요|는요|은|는|이|가|을|"
    rf"를)?[ :=(#-]{{0,4}}[A-Za-z]{{0,3}}[ -]?$|"
    r"(?:제|No\.?|#|S/N|SN)[ :]{0,2}$",
    re.IGNORECASE,
)
UNIT = re.compile(rf"^[ ]?{any_of('units')}")
