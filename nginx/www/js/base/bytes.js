// bytes: files by key, kept in the browser's IndexedDB over reloads and restarts. Whoever asks
// gets a promise, which fails where the browser keeps nothing: a full disk, a private window.

const DATABASE = 'stonechat-files';
const STORE = 'bytes';

let opening = null;

export const put = (key, blob) => within('readwrite', (store) => store.put(blob, key));
export const get = (key) => within('readonly', (store) => store.get(key));
export const drop = (key) => within('readwrite', (store) => store.delete(key));
export const keys = () => within('readonly', (store) => store.getAllKeys());

async function within(mode, action) {
    const database = await open();
    return new Promise((resolve, reject) => {
        const transaction = database.transaction(STORE, mode, { durability: 'strict' });
        const request = action(transaction.objectStore(STORE));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
    });
}

function open() {
    opening ??= new Promise((resolve, reject) => {
        const request = indexedDB.open(DATABASE, 1);
        request.onupgradeneeded = () => request.result.createObjectStore(STORE);
        request.onsuccess = () => resolve(watched(request.result));
        request.onerror = () => reject(request.error);
    });
    opening.catch(() => {
        opening = null;
    });
    return opening;
}

/** Somebody clears the browser's memory: the next who asks opens it anew. */
function watched(database) {
    const over = () => {
        database.close();
        opening = null;
    };
    database.onversionchange = over;
    database.onclose = over;
    return database;
}
