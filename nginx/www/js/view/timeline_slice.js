// timeline_slice: which of the rows are elements, and how high the others would be. Only what is
// near the screen is drawn; what stands above and below is two gaps of the height that those rows
// had when they were last seen, or are likely to have. It knows of rows and pixels, of no element.

const AHEAD_PX = 1600;
const LEAST_PX = 600;
const KEPT = 4000;

// What a row is likely to be high until it has been seen; being wrong costs the scrollbar's truth
// by that much and nothing else, since the timeline holds on to a row.
const LINE_PX = 22.5;
const LINE_CHARACTERS = 76;
const USUAL = { day: 54, unread: 30, receipt: 20 };
const MESSAGE_PX = 4;
const LEAD_PX = 38;
const MOST_PICTURE_PX = 328;

export class Slice {
    from = 0;
    to = 0;
    #heights = new Map();

    /** The rows around `index`, which stands somewhere on a screen of `screen` pixels. */
    choose(rows, index, screen) {
        this.from = Math.max(0, index);
        this.to = Math.min(rows.length, index + 1);
        for (let px = 0; this.from > 0 && px < screen + AHEAD_PX; ) {
            px += this.height(rows[--this.from]);
        }
        for (let px = 0; this.to < rows.length && px < screen + AHEAD_PX; ) {
            px += this.height(rows[this.to++]);
        }
    }

    /** Is so little drawn above or below the screen that it's time for more? */
    isShort(rows, above, below) {
        return (above < LEAST_PX && this.from > 0) || (below < LEAST_PX && this.to < rows.length);
    }

    /** The heights of the two gaps. */
    gaps(rows) {
        return [this.#sum(rows, 0, this.from), this.#sum(rows, this.to, rows.length)];
    }

    /** Which row stands `y` pixels below the first one's top: { index, top }. */
    at(rows, y) {
        let top = 0;
        let index = 0;
        while (index < rows.length - 1 && top + this.height(rows[index]) <= y) {
            top += this.height(rows[index++]);
        }
        return { index, top };
    }

    height(row) {
        return this.#heights.get(row.key) ?? likely(row);
    }

    /** How far it is from each drawn row's top to the next one's. */
    note(rows, tops) {
        if (this.#heights.size > KEPT) this.#heights.clear();
        for (let i = this.from; i < this.to; i++) {
            const px = tops[i - this.from + 1] - tops[i - this.from];
            this.#heights.set(rows[i].key, px);
        }
    }

    /** Another width: nothing that was seen is true any more. */
    forget() {
        this.#heights.clear();
    }

    #sum(rows, from, to) {
        let px = 0;
        for (let i = from; i < to; i++) px += this.height(rows[i]);
        return px;
    }
}

function likely({ kind, message, lead }) {
    if (kind !== 'message') return USUAL[kind] ?? LINE_PX;
    const words = message.deleted ? LINE_PX : lines(message.text) * LINE_PX;
    return MESSAGE_PX + words + (lead ? LEAD_PX : 0) + pictures(message);
}

function lines(text = '') {
    let count = 0;
    for (const line of text.split('\n')) count += Math.ceil(line.length / LINE_CHARACTERS) || 1;
    return text && count;
}

function pictures({ files = [] }) {
    return files.reduce((px, { height = LINE_PX }) => px + Math.min(height, MOST_PICTURE_PX), 0);
}
