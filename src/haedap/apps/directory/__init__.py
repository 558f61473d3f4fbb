"""생활 안내 전화번호부: the numbers that citizens need most, found each quarter, edited by a person, and printed."""
