"""What an office had to answer because the knowledge base did not: onto its work list, with the answer as a draft."""

from __future__ import annotations

from django.utils import timezone

from haedap.apps.cases.models import Case
from haedap.apps.knowledge import api as knowledge
from haedap.apps.knowledge import drafts
from haedap.apps.knowledge.content import Content
from haedap.apps.knowledge.places import Places

_LONGEST_QUESTION = 200


def propose(case: Case) -> None:
    """Note the gap, and leave a draft article with the office's answer, which somebody makes good and submits."""
    knowledge.gap(case.text, case.contact, case.opened_by_id)
    version = drafts.new_article(f"case-{case.number}", case.opened_by_id, timezone.now())
    question = " ".join(case.text.split())
    content = Content(
        code=version.article.code,
        title=(case.topic_path.rpartition(" > ")[2] or question)[: knowledge.LONGEST_TITLE],
        office=case.office,
        questions=(question[:_LONGEST_QUESTION],),
        answer=case.answer[: knowledge.LONGEST_ANSWER],
        valid_from=version.valid_from,
    )
    drafts.write(version, content, Places(), version.revision)
