// The offices that fit what the citizen says.
import { call } from "../../lib/api";
import type { OfficeFound } from "./types";

/** Those that fit `words`, the best first; none for no words. Throws ApiError. */
export async function findOffices(words: string): Promise<OfficeFound[]> {
  const wanted = words.trim();
  if (!wanted) return [];
  return (await call<{ found: OfficeFound[] }>("POST", "/offices/search", { q: wanted })).found;
}
