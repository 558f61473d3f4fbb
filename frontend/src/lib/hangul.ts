// Finding by what has been typed so far: 초성 alone ('ㅈㄷㅊ'), half a syllable ('자동ㅊ'), or any part of a word.
import { disassemble, getChoseong } from "es-hangul";

const onlyInitials = /^[ㄱ-ㅎ]+$/;
const plain = (text: string): string => text.normalize("NFC").toLowerCase();

export interface Needle {
  matches(hay: Hay): boolean;
  /** 3: it is the whole hay, 2: its beginning, 1: inside it, 0: not there. Of several words the first one counts. */
  fit(hay: Hay): number;
}

interface Word {
  readonly initials: boolean;
  readonly letters: string;
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
  const within = (word: Word, candidate: Hay): string => (word.initials ? candidate.initials : candidate.letters);
  const matches = (candidate: Hay): boolean => words.every((word) => within(word, candidate).includes(word.letters));
  return {
    matches,
    fit: (candidate) => {
      const [first] = words;
      if (!first || !matches(candidate)) return 0;
      const text = within(first, candidate);
      if (text === first.letters) return 3;
      return text.startsWith(first.letters) ? 2 : 1;
    },
  };
}
