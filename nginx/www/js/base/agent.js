// agent: a user-agent string as its owner would name the device: "Firefox on Windows".

import { account } from '../words/account.js';
import { add, t } from './i18n.js';

add(account);

// The first row that matches names it: those that pretend to be others stand before them.
const BROWSERS = [
    [/\bEdgA?\//, 'Edge'],
    [/\bOPR\//, 'Opera'],
    [/\bSamsungBrowser\//, 'Samsung Internet'],
    [/\bMicroMessenger\//, 'WeChat'],
    [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
    [/\bHeadlessChrome\/|\bChrome\/|\bCriOS\//, 'Chrome'],
    [/\bSafari\//, 'Safari'],
    [/^curl\//, 'curl'],
];
const SYSTEMS = [
    [/\biPhone\b/, 'iPhone'],
    [/\biPad\b/, 'iPad'],
    [/\bAndroid\b/, 'Android'],
    [/\bHarmonyOS\b/, 'HarmonyOS'],
    [/\bWindows\b/, 'Windows'],
    [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
    [/\bCrOS\b/, 'ChromeOS'],
    [/\bLinux\b/, 'Linux'],
];

const find = (rows, text) => rows.find(([pattern]) => pattern.test(text))?.[1];

export function device(agent = '') {
    const browser = find(BROWSERS, agent);
    const system = find(SYSTEMS, agent);
    if (browser && system) return t('browser_on', { browser, system });
    return browser ?? system ?? t('unknown_device');
}

export const handheld = (agent = '') => /\bMobile\b|\biPhone\b|\bAndroid\b|\biPad\b/.test(agent);
