// For whom this page was made: what it asks and shows is theirs, whoever else may have logged in in this browser since.

/** The account's id; empty on pages that are made for nobody. */
export const pageAccount = (): string => document.getElementById("hd-unsent")?.dataset.account ?? "";
