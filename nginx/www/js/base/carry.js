// carry: a body sent with word of how far it is, which fetch can't give. Answers a Response like
// fetch, and fails like it: with no answer, when aborted, and when nothing moves for too long.

const SILENCE_MS = 45000;

/** `watch`: { onprogress(0..1)?, signal?, headers? }. */
export function carry(method, url, body, watch = {}) {
    const { onprogress, signal, headers = {} } = watch;
    return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const request = new XMLHttpRequest();
        const silence = new Silence(() => request.abort());
        const over = (settle) => () => [silence.end(), settle()];
        request.open(method, url);
        request.setRequestHeader('Content-Type', 'application/octet-stream');
        for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
        request.upload.onprogress = ({ loaded, total }) => {
            silence.broken();
            onprogress?.(total ? loaded / total : 0);
        };
        request.onload = over(() => resolve(responseOf(request)));
        request.onerror = over(() => reject(new TypeError('network')));
        request.onabort = over(() => reject(new TypeError('aborted')));
        signal?.addEventListener('abort', () => request.abort(), { once: true });
        silence.broken();
        request.send(body);
    });
}

class Silence {
    #timer = 0;
    #action;

    constructor(action) {
        this.#action = action;
    }

    broken() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(this.#action, SILENCE_MS);
    }

    end() {
        clearTimeout(this.#timer);
    }
}

function responseOf(request) {
    const wait = request.getResponseHeader('Retry-After');
    const headers = wait ? { 'Retry-After': wait } : {};
    return new Response(request.responseText, { status: request.status, headers });
}
