"""The most requested telephone numbers of a quarter: found, checked, grouped, and compared with the quarter before.

Pure: requests and the organisation tree come in as values. What is made of them stands in `haedap.apps.directory`.
"""
