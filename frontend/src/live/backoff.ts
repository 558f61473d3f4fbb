/** How long to wait before the next attempt (ms): doubling from half a second to 8 s, spread so that desks do not come all at once. */
export function backOff(attempt: number, random: () => number): number {
  const longest = Math.min(8000, 500 * 2 ** Math.min(attempt, 10));
  return longest / 2 + (longest / 2) * random();
}
