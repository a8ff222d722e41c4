/*
 * deployed: the configuration to deploy, nginx/stonechat.conf, run as it is in front of a stack: only
 * names of files, ports and sockets are put in place of those of a server, and a certificate is made
 * for the occasion. It speaks TLS and HTTP/2, which ./dev up does not.
 *
 *   const front = await furnish(stack);
 *   front.start(); // front.url
 *   front.wire(); // what it has sent: [{ bytes, path }], heads included
 *   await front.stop();
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, root } from './stack.mjs';

export const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:${root}/build/bin` };
export const HOST = 'chat.example.org';

/* Around the site stands what a distribution's nginx.conf gives. */
const wrapper = ({ dir }) => `
  daemon off; pid "${dir}/nginx.pid"; error_log stderr; ${process.getuid() ? '' : 'user root root;'}
  events { worker_connections 512; }
  http { access_log off; log_format wire "$bytes_sent $uri";
    ${['client_body', 'fastcgi', 'proxy', 'scgi', 'uwsgi'].map((kind) => `${kind}_temp_path "${dir}/${kind}";`).join('\n')}
    include site.conf;
  }`;

/* What a server has, and what stands for it here. */
const replacements = ({ stack, dir, plain, secure, figures }) => [
  ['/run/stonechat/', `${stack.dir}/`],
  ['/var/lib/stonechat/', `${stack.dir}/data/`],
  ['/usr/local/share/stonechat/www', `${dir}/www`],
  ['/etc/ssl/stonechat/', `${dir}/`],
  ['/var/log/nginx/', `${dir}/`],
  ['[::]:443', '[::1]:443'],
  ['[::]:80', '[::1]:80'],
  ['listen      80', 'listen      127.0.0.1:80'],
  ['listen      443', 'listen      127.0.0.1:443'],
  ['listen               80', 'listen               127.0.0.1:80'],
  ['listen               443', 'listen               127.0.0.1:443'],
  ['127.0.0.1:9475', `127.0.0.1:${figures}`],
  [':443 ', `:${secure} `],
  [/:80\b/g, `:${plain}`],
];

function site(front) {
  let text = readFileSync(join(root, 'nginx/stonechat.conf'), 'utf8');
  for (const [from, to] of replacements(front)) {
    const before = text;
    text = text.replaceAll(from, to);
    assert.notEqual(text, before, `stonechat.conf has no ${from} any more`);
  }
  text = text.replaceAll(/^ *access_log .*$/gm, (line) => `${line}\n    access_log ${front.dir}/wire.log wire;`);
  return hasV6() ? text : text.replace(/^ *listen +\[::1\].*$/gm, '');
}

const hasV6 = () => {
  try {
    return /^0{31}1 /m.test(readFileSync('/proc/net/if_inet6', 'utf8'));
  } catch {
    return false;
  }
};

/* By which a browser can be told to trust it, so that it keeps what it has loaded: behind a certificate
 * that is only ignored nothing is cached. */
const pinOf = (pem) =>
  createHash('sha256').update(new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' })).digest('base64');

/* The front as it is to be started: its ports, its certificate, its address. */
export async function furnish(stack) {
  const dir = mkdtempSync(join(tmpdir(), 'stonechat-tls-'));
  const [plain, secure, figures] = [await freePort(), await freePort(), await freePort()];
  const front = { stack, dir, plain, secure, figures, url: `https://${HOST}:${secure}`, nginx: null };
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`,
    '-keyout', join(dir, 'privkey.pem'), '-out', join(dir, 'fullchain.pem')], { stdio: 'ignore' });
  symlinkSync(join(root, 'nginx'), join(dir, 'stonechat'));
  execFileSync(join(root, 'nginx/pack'), [join(root, 'nginx/www'), join(dir, 'www')]);
  writeFileSync(join(dir, 'site.conf'), site(front));
  writeFileSync(join(dir, 'nginx.conf'), wrapper(front));
  return {
    ...front,
    ca: readFileSync(join(dir, 'fullchain.pem')),
    pin: pinOf(readFileSync(join(dir, 'fullchain.pem'))),

    start() {
      this.nginx = spawn('nginx', ['-e', 'stderr', '-p', dir, '-c', join(dir, 'nginx.conf')], { env, stdio: 'ignore' });
    },

    wire() {
      const lines = readFileSync(join(dir, 'wire.log'), 'utf8').split('\n').slice(0, -1);
      return lines.map((line) => line.split(' ')).map(([bytes, path]) => ({ bytes: Number(bytes), path }));
    },

    async stop() {
      if (this.nginx) {
        this.nginx.kill('SIGTERM');
        await new Promise((resolve) => this.nginx.once('exit', resolve));
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
