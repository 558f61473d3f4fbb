"""상황판: the centre at a glance, and what each figure on it means."""
