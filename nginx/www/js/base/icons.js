// icons: line drawings on a 24 px grid, in the colour of the text that they stand in. Those that nothing
// on the screen has at the start are in icons_later.js.

const SVG = 'http://www.w3.org/2000/svg';

const PATHS = {
    back: 'M15 5l-7 7 7 7',
    check: 'M5 12.5l4.5 4.5L19 7.5',
    clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2',
    clip: 'M19.5 11.5l-7.6 7.6a4.6 4.6 0 0 1-6.500-6.500l7.900-7.900a3.100 3.100 0 0 1 4.400 4.400l-7.900 7.900a1.500 1.500 0 0 1-2.200-2.200l7.100-7.100',
    close: 'M6 6l12 12M18 6L6 18',
    compass: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM15.5 8.5l-2 5-5 2 2-5z',
    copy: 'M9 8.500h9.500a1 1 0 0 1 1 1V19a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1V9.500a1 1 0 0 1 1-1zM4.500 15.500v-10a1 1 0 0 1 1-1h10',
    down: 'M12 5v14M6 13l6 6 6-6',
    download: 'M12 4v11M7 10.500l5 5 5-5M4.500 20h15',
    file: 'M13.5 3.5H7a1 1 0 0 0-1 1v15a1 1 0 0 0 1 1h10a1 1 0 0 0 1-1V8zM13.5 3.500V8H18',
    hash: 'M9.5 4.5L7.5 19.5M16.5 4.5l-2 15M4.5 9.5h15.5M4 14.5h15.5',
    lock: 'M6.5 11h11a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
    megaphone: 'M4 10v4h3l8 4.5v-13L7 10zM18.5 9.5a4 4 0 0 1 0 5M8 14l1 5h2.5',
    more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
    people:
        'M9 5a3.200 3.200 0 1 0 0 6.400A3.200 3.200 0 0 0 9 5zM2.800 19c.6-3.600 3-5.400 6.200-5.400s5.600 1.800 6.200 5.400M15.5 5.300a3 3 0 0 1 0 5.800M18 14.300c1.700.9 2.800 2.400 3.200 4.700',
    pin: 'M9 4h6l-.7 6 3.200 3.500h-11L9.700 10zM12 13.5V20',
    plus: 'M12 5v14M5 12h14',
    react: 'M19.800 9.500a8.300 8.300 0 1 1-5.300-5.600M9 10.200h.01M14.500 10.200h.01M8.500 14.200c1.700 2.400 5.200 2.400 7 0M19 2.500v5M16.500 5h5',
    reply: 'M9.500 6L4.500 11l5 5M5 11h8.500a6 6 0 0 1 6 6v1.500',
    retry: 'M19.5 12a7.5 7.5 0 1 1-2.300-5.400M19.5 4v4.5H15',
    search: 'M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15 15l5 5',
    send: 'M4.5 5l16 7-16 7 2.5-7zM7 12h7',
    smile: 'M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17zM8.500 14a4 4 0 0 0 7 0M9 9.500h.01M15 9.500h.01',
    warning: 'M12 4.5l8.5 15h-17zM12 10v4.5M12 17h.01',
};

export function icon(name) {
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('class', `icon icon-${name}`);
    svg.setAttribute('aria-hidden', 'true');
    const path = document.createElementNS(SVG, 'path');
    if (name in PATHS) path.setAttribute('d', PATHS[name]);
    else later().then((paths) => path.setAttribute('d', paths[name] ?? ''));
    svg.append(path);
    return svg;
}

let fetched = null;

/** Where they can't be had, the place stays empty until the next time. */
function later() {
    fetched ??= import('./icons_later.js').then(
        ({ paths }) => paths,
        () => {
            fetched = null;
            return {};
        },
    );
    return fetched;
}
