// tone: two short notes that say that something has come. Made here: there is no file to load.

const NOTES = [
    { hertz: 784, at: 0 },
    { hertz: 1047, at: 0.09 },
];
const LOUDNESS = 0.08;
const LENGTH_S = 0.22;

let context = null;

/** Silent where the browser has heard no click yet. */
export function playTone() {
    try {
        context ??= new AudioContext();
        if (context.state === 'suspended') context.resume().catch(() => {});
        for (const note of NOTES) play(note);
    } catch {
        // No sound here.
    }
}

function play({ hertz, at }) {
    const begin = context.currentTime + at;
    const voice = new OscillatorNode(context, { frequency: hertz });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(LOUDNESS, begin + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.0001, begin + LENGTH_S);
    voice.connect(volume).connect(context.destination);
    voice.start(begin);
    voice.stop(begin + LENGTH_S);
}
