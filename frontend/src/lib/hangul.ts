// Finding by what has been typed so far: 초성 alone ('ㅈㄷㅊ'), half a syllable ('자동ㅊ'), or any part of a word.
import { disassemble, getChoseong } from "es-hangul";

const onlyInitials = /^[ㄱ-ㅎ]+$/;
const plain = (text: string): string => text.normalize("NFC").toLowerCase();

export interface Needle {
  matches(hay: Hay): boolean;
}

export interface Hay {
  readonly letters: string;
  readonly initials: string;
}

/** `text` prepared for searching. */
export function hay(text: string): Hay {
  const lower = plain(text);
  return { letters: disassemble(lower), initials: getChoseong(lower).replace(/\s/g, "") };
}

/** The words of `query`; all of them must be found. */
export function needle(query: string): Needle {
  const words = plain(query)
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word) => ({
      initials: onlyInitials.test(word),
      letters: onlyInitials.test(word) ? word : disassemble(word),
    }));
  return {
    matches: (candidate) =>
      words.every((word) => (word.initials ? candidate.initials : candidate.letters).includes(word.letters)),
  };
}
