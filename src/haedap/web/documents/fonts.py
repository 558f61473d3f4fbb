"""The house's font as files, for pictures and documents. The front-end build copies them here."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from haedap.web.documents import DocumentError

FAMILY = "Pretendard GOV"
FOLDER = Path(__file__).parents[1] / "static/build/fonts"
_NAMES = {400: "PretendardGOV-Regular.ttf", 600: "PretendardGOV-SemiBold.ttf", 700: "PretendardGOV-Bold.ttf"}


def files() -> dict[int, Path]:
    """The font's files by weight. Raises DocumentError when they were not built."""
    found = {weight: FOLDER / name for weight, name in _NAMES.items()}
    if not all(path.is_file() for path in found.values()):
        raise DocumentError(_("The font of documents is missing. Run “make setup” on the server, then try again."))
    return found
