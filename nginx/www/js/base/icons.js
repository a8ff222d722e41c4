// icons: line drawings on a 24 px grid, in the colour of the text that they stand in.

const SVG = 'http://www.w3.org/2000/svg';

const PATHS = {
    back: 'M15 5l-7 7 7 7',
    bell: 'M12 4a5.5 5.5 0 0 0-5.5 5.5c0 5-2 6-2 7.5h15c0-1.500-2-2.500-2-7.500A5.5 5.5 0 0 0 12 4zM10 20a2.200 2.200 0 0 0 4 0',
    chat: 'M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-4.5 4v-4A2.5 2.5 0 0 1 4 13.5z',
    check: 'M5 12.5l4.5 4.5L19 7.5',
    clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2',
    close: 'M6 6l12 12M18 6L6 18',
    desktop:
        'M4.5 5h15a1 1 0 0 1 1 1v9.5a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM9 20h6M12 16.5V20',
    devices:
        'M3.5 6.5a1 1 0 0 1 1-1h12a1 1 0 0 1 1 1V9M11 17.5H4.5a1 1 0 0 1-1-1v-10M2.5 17.5H11M15 9h4.5a1 1 0 0 1 1 1v8.5a1 1 0 0 1-1 1H15a1 1 0 0 1-1-1V10a1 1 0 0 1 1-1z',
    down: 'M12 5v14M6 13l6 6 6-6',
    eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.200a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600z',
    globe: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17',
    hash: 'M9.5 4.5L7.5 19.5M16.5 4.5l-2 15M4.5 9.5h15.5M4 14.5h15.5',
    leave: 'M14 4.5H6.5a1 1 0 0 0-1 1v13a1 1 0 0 0 1 1H14M10.5 12H20M16.5 8.5L20 12l-3.5 3.5',
    lock: 'M6.5 11h11a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
    megaphone: 'M4 10v4h3l8 4.5v-13L7 10zM18.5 9.5a4 4 0 0 1 0 5M8 14l1 5h2.5',
    more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
    person: 'M12 4.5a3.700 3.700 0 1 0 0 7.400 3.700 3.700 0 0 0 0-7.400zM4.5 20c.8-4 3.700-6 7.5-6s6.700 2 7.5 6',
    people:
        'M9 5a3.200 3.200 0 1 0 0 6.400A3.200 3.200 0 0 0 9 5zM2.800 19c.6-3.600 3-5.400 6.200-5.400s5.600 1.800 6.200 5.400M15.5 5.300a3 3 0 0 1 0 5.800M18 14.300c1.700.9 2.800 2.400 3.200 4.700',
    phone: 'M8.5 3.5h7a1 1 0 0 1 1 1v15a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-15a1 1 0 0 1 1-1zM11 17.5h2',
    pin: 'M9 4h6l-.7 6 3.200 3.500h-11L9.700 10zM12 13.5V20',
    plus: 'M12 5v14M5 12h14',
    retry: 'M19.5 12a7.5 7.5 0 1 1-2.300-5.400M19.5 4v4.5H15',
    search: 'M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15 15l5 5',
    send: 'M4.5 5l16 7-16 7 2.5-7zM7 12h7',
    sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M4.5 4.5l1.5 1.5M18 18l1.5 1.5M2.5 12h2M19.5 12h2M4.5 19.5L6 18M18 6l1.5-1.5',
    moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z',
    warning: 'M12 4.5l8.5 15h-17zM12 10v4.5M12 17h.01',
};

export function icon(name) {
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('class', `icon icon-${name}`);
    svg.setAttribute('aria-hidden', 'true');
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', PATHS[name]);
    svg.append(path);
    return svg;
}
