// key: an id that this client gives to a message before the server has seen it. 132 random
// bits; getRandomValues is there on plain http too, where randomUUID is not.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

export function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(22));
    return Array.from(bytes, (byte) => ALPHABET[byte & 63]).join('');
}
