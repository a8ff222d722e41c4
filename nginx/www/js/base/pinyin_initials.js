// pinyin_initials: the letter with which a Chinese character's name begins in pinyin. No table of
// twenty thousand characters: the browser sorts by pinyin already, so it is enough to know with
// which character each letter begins. Of a character with several readings it is the commonest.
// A browser that sorts otherwise answers with the character itself.

const FIRST = {
    a: '阿',
    b: '八',
    c: '嚓',
    d: '哒',
    e: '妸',
    f: '发',
    g: '旮',
    h: '哈',
    j: '讥',
    k: '咔',
    l: '垃',
    m: '妈',
    n: '拏',
    o: '噢',
    p: '妑',
    q: '七',
    r: '呥',
    s: '仨',
    t: '他',
    w: '屲',
    x: '夕',
    y: '丫',
    z: '帀',
};
const HAN = /\p{Script=Han}/u;

let order;

/** By pinyin, or null where the browser can't. */
function collator() {
    const found = new Intl.Collator('zh-Hans-u-co-pinyin');
    const firsts = Object.values(FIRST);
    const ascends = firsts.every((one, i) => i === 0 || found.compare(firsts[i - 1], one) < 0);
    return ascends ? found : null;
}

/** 'w' of 王; of anything else that itself. */
export function pinyin(char) {
    if (!HAN.test(char)) return char;
    if (order === undefined) order = collator();
    const letters = Object.entries(FIRST);
    return letters.findLast(([, first]) => order?.compare(first, char) <= 0)?.[0] ?? char;
}
