"""Departments, their duties and their officers: whom a matter belongs to, and who answers for it now."""
