// The recording of a case, to hear as a whole: with the browser's own controls, by keys and by buttons. The service has made it anew
// from its sound, and drawn how loud it is. It plays on while the answer is given.
import { useEffect, useRef, useState } from "preact/hooks";
import { clock, figure } from "../format";
import { text } from "../messages";
import { PLAY_KEYS, played, type PlayStep } from "./playing";
import { Retry } from "./retry";

const BUTTONS: PlayStep[] = ["play", "back", "forward", "slower", "faster", "start"];

/** `seconds` is how long it lasts; `wave` is where the picture of its loudness is read. */
export function Recording({ src, wave, seconds }: { src: string; wave: string; seconds: number }) {
  const said = text.value.review.recording;
  const audio = useRef<HTMLAudioElement>(null);
  const [at, setAt] = useState(0);
  const [speed, setSpeed] = useState(1);
  const [isPaused, setPaused] = useState(true);
  const [tries, setTries] = useState(0);
  const [failed, setFailed] = useState("");
  const playing = `${src} ${tries}`; // what failed is told by its name: a recording may fail before an effect has run
  const begin = () => {
    setAt(0);
    setSpeed(1);
    setPaused(true);
  };
  useEffect(() => {
    begin();
    setTries(0);
  }, [src]);
  const take = (step: PlayStep) => {
    const player = audio.current;
    if (player === null) return;
    const next = played({ at: player.currentTime, speed: player.playbackRate, isPaused: player.paused }, step, seconds);
    if (next.at !== player.currentTime) player.currentTime = next.at;
    player.playbackRate = next.speed;
    if (next.isPaused) player.pause();
    else if (player.paused) player.play().catch(() => player.error !== null && setFailed(playing)); // an interrupted start is no fault of the file
  };
  const press = (event: KeyboardEvent) => {
    const isOwn = event.target === event.currentTarget; // the browser's controls inside have keys of their own
    const step = isOwn && !event.ctrlKey && !event.metaKey && !event.altKey ? PLAY_KEYS[event.key] : undefined;
    if (!step) return;
    event.preventDefault(); // the page's own single keys rest while the recording has the focus
    take(step);
  };
  if (failed === playing) return <Retry failed={said.failed} tries={tries} again={() => (setTries(tries + 1), begin())} />;
  return (
    <figure class="recording">
      <div class="recording-frame" tabIndex={0} role="group" aria-label={said.frame(clock(seconds))} aria-describedby="recording-keys" onKeyDown={press}>
        <div class="wave">
          <img src={wave} alt={said.wave} draggable={false} />
          <span class="heard" style={{ width: `${(100 * Math.min(at, seconds)) / seconds}%` }} />
        </div>
        <audio
          ref={audio}
          controls
          preload="auto"
          src={src}
          aria-label={said.name}
          onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
          onRateChange={(event) => setSpeed(event.currentTarget.playbackRate)}
          onPlay={() => setPaused(false)}
          onPause={() => setPaused(true)}
          onError={() => setFailed(playing)}
        />
      </div>
      <div class="buttons" role="toolbar" aria-label={said.tools}>
        {BUTTONS.map((step) => (
          <button key={step} type="button" class="quiet" onClick={() => take(step)}>
            {step === "play" && !isPaused ? said.pause : said.steps[step]}
          </button>
        ))}
        <span role="status">{said.speed(figure(speed, 2))}</span>
      </div>
      <figcaption class="hint" id="recording-keys">
        {said.length(clock(seconds))} {said.keys}
      </figcaption>
    </figure>
  );
}
