// limits: how much the server takes, as it is set up unless somebody has set it up otherwise.
// What is beyond them is refused here at once; what they get wrong the server refuses all the same.

const MOST_CHARACTERS = 4000;
const MOST_BYTES = 16384;
export const MOST_FILE_BYTES = 25 * 1024 * 1024;
export const MOST_FILES = 10;

/** Characters that may still be written; below zero when there are too many of either kind. */
export function charactersLeft(text) {
    const characters = MOST_CHARACTERS - [...text].length;
    const bytes = MOST_BYTES - new TextEncoder().encode(text).length;
    return Math.min(characters, bytes);
}
