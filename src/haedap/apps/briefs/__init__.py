"""Briefs (상담 요약): what goes with a citizen who is passed on. Read by officers who have no account here."""
