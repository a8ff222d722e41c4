// mention_at: is somebody being mentioned where the caret stands? By the same characters as the
// server's (common/mention.c): behind a letter of a script with spaces an @ is of an e-mail address,
// between Chinese characters it is not.

const MOST = 32;
const OF_NAME = /[\p{L}\p{Nd}\p{M}_.-]/u;
const ADDRESS = /[\p{L}\p{Nd}\p{M}_.\-/+%]/u;
const UNSPACED =
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** { from, to, query }: `from` is where the @ is. Null where no name is being written. */
export function mentionAt(text, caret) {
    const characters = [...text.slice(Math.max(0, caret - 4 * MOST), caret)];
    let query = '';
    while (characters.length && [...query].length <= MOST) {
        const one = characters.pop();
        if (one === '@' || one === '＠') {
            if (!mayBegin(characters.at(-1))) return null;
            return { from: caret - query.length - 1, to: caret, query };
        }
        if (!OF_NAME.test(one)) return null;
        query = one + query;
    }
    return null;
}

const mayBegin = (before) => !before || UNSPACED.test(before) || !ADDRESS.test(before);
