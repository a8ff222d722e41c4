/*
 * relay: a TCP relay on loopback that can stop forwarding: a network that is cut without a word.
 *
 *   const relay = await startRelay(6379);
 *   relay.to = 6380; // connections from now on lead there
 *   relay.cut();     // nothing passes any more, in either direction; nobody is told
 *   relay.mend();    // what waited goes on
 *   relay.close();
 */
import net from 'node:net';

export async function startRelay(to, { counts = () => true } = {}) {
  const pairs = new Set();
  let isCut = false;
  const server = net.createServer({ pauseOnConnect: true }, (inner) => {
    const outer = net.connect({ port: relay.to, host: '127.0.0.1' });
    const pair = [inner, outer];
    let last = 1;
    pairs.add(pair);
    pair.forEach((one, i) => {
      const other = pair[1 - i];
      one.setNoDelay(true);
      one.on('data', (bytes) => {
        relay.turns += last !== 0 && i === 0 && counts(bytes);
        last = i;
        other.write(bytes);
      });
      one.on('error', () => {});
      one.on('close', () => {
        pairs.delete(pair);
        if (!isCut) other.destroy(); // else whoever is beyond the cut doesn't learn of it
      });
    });
    if (isCut) outer.pause();
    else inner.resume();
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const all = (step) => pairs.forEach((pair) => pair.forEach(step));
  const relay = {
    to,
    turns: 0, // round trips: how often somebody who had been answered has asked again, where it counts
    port: server.address().port,
    get connections() {
      return pairs.size;
    },
    cut() {
      isCut = true;
      all((one) => one.pause());
    },
    mend() {
      isCut = false;
      all((one) => one.resume());
    },
    /* Ends every connection, with a reset. */
    reset: () => all((one) => one.resetAndDestroy()),
    close() {
      all((one) => one.destroy());
      server.close();
    },
  };
  return relay;
}
