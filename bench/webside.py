"""What measurements of the web side share: a running PostgreSQL with a migrated, empty database of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from haedap.config import get_settings
from haedap.operations.cluster import throwaway_cluster


@contextmanager
def own_database() -> Iterator[tuple[str, Path]]:
    """The address of the database, and a folder that goes away with it. For all of this process's children."""
    with tempfile.TemporaryDirectory(prefix="hd-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with throwaway_cluster(get_settings().cache, folder / "pg") as cluster:
            cluster.make_database()
            environment = {
                "DATABASE_URL": cluster.url(),
                "DJANGO_SETTINGS_MODULE": "haedap.web.settings",
                "HAEDAP_STATE": str(folder / "state"),
                "HAEDAP_ENVIRONMENT": "demo",
            }
            os.environ.update(environment)
            get_settings.cache_clear()
            subprocess.run((sys.executable, "-m", "django", "migrate", "-v", "0", "--skip-checks"), check=True)
            yield cluster.url(), folder
