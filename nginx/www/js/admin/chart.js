// chart: one figure over the last minutes as a small line, with its present value in words. Whoever
// can't see the line is told the value now and the greatest.

import { h } from '../base/dom.js';
import { t } from '../base/i18n.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 240;
const HEIGHT = 56;
const PAD = 3;

/** `words(value)` writes a value; `points`: how many values the line has at most. */
export class Chart {
    #title;
    #words;
    #points;
    #values = [];
    #now = h('strong');
    #line = draw('polyline', { class: 'chart-line' });
    #area = draw('polygon', { class: 'chart-area' });
    #svg = draw('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', preserveAspectRatio: 'none' });

    constructor({ title, words, points }) {
        this.#title = title;
        this.#words = words;
        this.#points = points;
        this.#svg.append(this.#area, this.#line);
        this.node = h('figure.chart', null, h('figcaption', null, title, this.#now), this.#svg);
        this.#draw();
    }

    /** null: nobody knows it; the line goes on where it is known again. */
    put(value) {
        this.#values.push(value);
        if (this.#values.length > this.#points) this.#values.shift();
        this.#draw();
    }

    #draw() {
        const known = this.#values.filter((value) => value !== null);
        const now = this.#values.at(-1) ?? null;
        const most = Math.max(0, ...known);
        this.#now.textContent = now === null ? '–' : this.#words(now);
        this.#svg.setAttribute(
            'aria-label',
            t('admin.figure_now', {
                title: this.#title,
                now: this.#now.textContent,
                most: this.#words(most),
            }),
        );
        const places = this.#places(most || 1);
        this.#line.setAttribute('points', places.join(' '));
        this.#area.setAttribute('points', closed(places));
    }

    /** The newest at the right edge. */
    #places(most) {
        const step = WIDTH / (this.#points - 1);
        const first = this.#points - this.#values.length;
        return this.#values.flatMap((value, i) => {
            if (value === null) return [];
            const y = HEIGHT - PAD - (value / most) * (HEIGHT - 2 * PAD);
            return [`${((first + i) * step).toFixed(1)},${y.toFixed(1)}`];
        });
    }
}

function closed(places) {
    if (!places.length) return '';
    const x = (place) => place.split(',')[0];
    return [`${x(places[0])},${HEIGHT}`, ...places, `${x(places.at(-1))},${HEIGHT}`].join(' ');
}

function draw(name, attributes) {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
}
