// drop_zone: a part of the page on which files may be dropped, under a veil that says so while
// they hover. Dropped anywhere else they do nothing, least of all replace the page.

import { h, show } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';

/** `onfiles` takes what was dropped, `words` what the veil says; `inside`: they hover already. */
export function dropZone(node, { words, onfiles, inside, signal }) {
    const veil = h(
        'div.drop-veil',
        { 'aria-hidden': 'true', hidden: true },
        icon('clip'),
        h('p', null, words),
    );
    let depth = 0;
    const hover = (by) => {
        depth = by ? Math.max(0, depth + by) : 0;
        show(veil, depth > 0);
    };
    const on = (target, type, action) =>
        target.addEventListener(type, (event) => bearsFiles(event) && action(event), { signal });
    on(node, 'dragenter', () => hover(1));
    on(node, 'dragleave', () => hover(-1));
    on(node, 'drop', ({ dataTransfer }) => {
        hover(0);
        onfiles(filesOf(dataTransfer));
    });
    on(window, 'dragover', (event) => {
        event.preventDefault();
        event.dataTransfer.dropEffect = node.contains(event.target) ? 'copy' : 'none';
    });
    on(window, 'drop', (event) => event.preventDefault());
    node.append(veil);
    if (inside) hover(1);
}

const bearsFiles = ({ dataTransfer }) => [...(dataTransfer?.types ?? [])].includes('Files');

/** A folder comes as a file that can't be read: null stands for it. */
function filesOf({ items, files }) {
    const kinds = [...items].filter(({ kind }) => kind === 'file');
    const isFolder = (item) => item?.webkitGetAsEntry?.()?.isDirectory;
    return [...files].map((file, at) => (isFolder(kinds[at]) ? null : file));
}
