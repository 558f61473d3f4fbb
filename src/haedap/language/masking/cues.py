"""Words beside a number that say what it is. Cues are looked for in the line just before or just after it."""

from __future__ import annotations

import re
from functools import cached_property

from haedap.language.masking.compiled import Pattern
from haedap.language.masking.vocabulary import any_of, words_of

_PARTICLE = r"(?:번호)?[ ]?(?:은요|는요|은|는|이|가|을|를|로|으로|도|만)?[ ]?(?:이)?[ :=;.,(<\[-]{0,4}"
_BANK = any_of("banks")

_ACCOUNT = Pattern(rf"{any_of('account_words')}[^0-9]{{0,24}}$|{_BANK}[^0-9]{{0,14}}$", re.IGNORECASE)
_BANK_JUST_BEFORE = Pattern(rf"(?:{_BANK}|계좌|통장)(?:계좌|통장)?{_PARTICLE}$", re.IGNORECASE)
_CARD = Pattern(rf"{any_of('card_words')}[^0-9]{{0,22}}$", re.IGNORECASE)
_RESIDENT = Pattern(r"(?:주민|주번|외국인|민증|거소)[^0-9]{0,16}$")
_LAST_HALF = Pattern(r"(?<!카드 )(?:뒷[ ]?자리|뒤[ ]?자리|뒷[ ]?번호|뒤에[ ]?자리)[^0-9]{0,10}$")
_FOREIGNER = Pattern(r"(?:외국인|거소)[^0-9]{0,16}$")
_LICENCE = Pattern(r"면허[^0-9]{0,14}$")
_PHONE = Pattern(rf"{any_of('telephone_words')}{_PARTICLE}$", re.IGNORECASE)
_OWN = Pattern(any_of("own"))
_NO_OFFICE = "".join(f"(?<!{word})" for word in sorted(words_of("no_offices")))
_PUBLIC = Pattern(
    rf"(?:{any_of('offices')}|[가-힣0-9]{{1,6}}(?:과|팀|국|실|계|청){_NO_OFFICE})"
    rf"[^0-9\n,./]{{0,10}}{_PARTICLE}$|[가-힣]{{3,}}(?:원|협회|부|처|본부|위원회){_NO_OFFICE}{_PARTICLE}$"
)
_OF_OFFICE = Pattern(
    rf"[가-힣0-9]{{2,}}(?:과|팀|국|실|부|청|원|센터|공단|재단|협회){_NO_OFFICE}의[ ]?(?:대표[ ]?)?"
    r"(?:전화|번호|연락처)[^0-9\n]{0,8}$"
)
PUBLIC_AFTER = Pattern(
    r"^[ ]?\(?(?:[가-힣]{1,8}(?:과|팀|센터|구청|시청|보건소|사업소|사무소|민원실)|대표(?:전화|번호)|콜센터)|"
    r"^[ )]?(?:번)?(?:으로|로)?[ ]?(?:(?:문의|전화|연락|확인|신청|접수|방문|통화)[ ]?하?"
    r"(?:시라고|시도록|시면|시길|[ ]안내)|안내(?:함|드림|하였|했|해[ ]?드|$))"
)
"""An office follows the number, or the citizen is told to call it."""
_OTHER = Pattern(
    rf"{any_of('other_numbers')}[ ]?(?:번호|No\.?|넘버|코드)?(?:은요|는요|은|는|이|가|을|"
    rf"를)?[ :=(#-]{{0,4}}[A-Za-z]{{0,3}}[ -]?$|"
    r"(?:제|No\.?|#|S/N|SN)[ :]{0,2}$",
    re.IGNORECASE,
)
_NAMED = Pattern(
    r"[가-힣A-Za-z]{1,8}(?:번호|코드|넘버|No\.?)(?:은요|는요|은|는|이|가|을|를)?[ :=(#]{0,4}[A-Za-z]{0,3}[ -]?$",
    re.IGNORECASE,
)
"""Any number that has a name of its own."""
_PERSONAL = Pattern(any_of("personal_numbers", "roles", "banks"))
SO_FAR = Pattern("[-* ]{0,8}(?:까지|만[ ]|뒤|이후|나머지|이하)")
"""After the first digits of a number that is told in part."""
UNIT = Pattern(rf"^[ ]?{any_of('units')}")
CARD_AFTER = Pattern(rf"^[ (,/]{{0,3}}(?:{_BANK}(?:은행)?|비씨|비자|마스터|삼성|현대|롯데)?[ ]?(?:체크|신용)?카드")
ACCOUNT_AFTER = Pattern(
    rf"^[ (,/]{{0,3}}(?:{_BANK}[ ]?(?:은행|이고|이에요|입니다|계좌|통장|으로|로|\))|(?:계좌|통장))|"
    r"^[ ]?(?:으로|로|에|여기로)[ ]?(?:다시[ ]?)?(?:환급|환불|입금|송금|이체|넣어|보내|부쳐)"
)


class Before:
    """What the line says just before a number. Asked often, searched once."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def account(self) -> bool:
        return _ACCOUNT.search(self.text) is not None

    @cached_property
    def bank(self) -> bool:
        """A bank or an account is named, and nothing else after it."""
        return _BANK_JUST_BEFORE.search(self.text) is not None

    @cached_property
    def card(self) -> bool:
        return _CARD.search(self.text) is not None

    @cached_property
    def resident(self) -> bool:
        return _RESIDENT.search(self.text) is not None

    @cached_property
    def last_half(self) -> bool:
        """The last seven digits of a resident number are told."""
        return _LAST_HALF.search(self.text) is not None

    @cached_property
    def foreigner(self) -> bool:
        return _FOREIGNER.search(self.text) is not None

    @cached_property
    def licence(self) -> bool:
        return _LICENCE.search(self.text) is not None

    @cached_property
    def telephone(self) -> bool:
        return _PHONE.search(self.text) is not None

    @cached_property
    def other(self) -> bool:
        """It is said to be the number of a bill, a case or a thing."""
        return _OTHER.search(self.text) is not None and not self.resident

    @cached_property
    def named(self) -> bool:
        """It is called so-and-so number, and not after anything that belongs to a person."""
        named = _NAMED.search(self.text)
        return named is not None and _PERSONAL.search(named[0]) is None

    @cached_property
    def office(self) -> bool:
        """An office is named, and nobody whose number it might be."""
        office = _PUBLIC.search(self.text)
        return self._of_office or (office is not None and _OWN.search(office[0]) is None)

    @cached_property
    def somebodys_office(self) -> bool:
        """An office is named, and somebody as well."""
        office = _PUBLIC.search(self.text)
        return not self._of_office and office is not None and _OWN.search(office[0]) is not None

    @cached_property
    def _of_office(self) -> bool:
        """It is said to be the number of an office: 수도과의 연락처."""
        return _OF_OFFICE.search(self.text) is not None
