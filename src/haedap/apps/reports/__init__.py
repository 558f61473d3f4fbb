"""통계: what the centre did in a period, from every side, on pages, in files and in mailboxes."""
