"""콜백 약속: what people see of promised calls and do about them; and what citizens write while nobody answers."""
