// letter_files: the files of a message that is not sent yet, each with how far it is.

import { h } from '../base/dom.js';

/** The list is there at once; what stands in it is fetched with the first such message, or, where
 *  that is out of reach, left out. */
export function letterFiles(uploads, keys) {
    const node = h('ul.uploads');
    import('./upload_item.js').then(
        ({ uploadItem }) => node.append(...keys.map((key) => uploadItem(uploads, key))),
        () => {},
    );
    return node;
}
