// Lists that a page needs and that do not change during the day.
import { call } from "./api";

const RETRY_MS = 2000;

/** Asks again and again until the server has answered. */
export async function keepTrying<T>(path: string, take: (answer: T) => void): Promise<void> {
  try {
    take(await call<T>("GET", path));
  } catch {
    setTimeout(() => void keepTrying(path, take), RETRY_MS);
  }
}
