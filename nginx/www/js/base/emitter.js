// emitter: what every model is made of. Views listen and give an AbortSignal, so that leaving
// a view takes all of its listeners with it; a model never knows who listens.

export class Emitter {
    #listeners = new Map();

    on(type, listener, signal) {
        if (!this.#listeners.has(type)) this.#listeners.set(type, new Set());
        const set = this.#listeners.get(type);
        set.add(listener);
        signal?.addEventListener('abort', () => set.delete(listener), { once: true });
    }

    emit(type, value) {
        for (const listener of [...(this.#listeners.get(type) ?? [])]) listener(value);
    }
}
