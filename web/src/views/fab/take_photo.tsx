// SPDX-License-Identifier: GPL-3.0-or-later
// A photo of a piece that is inspected: the camera of a phone, a file elsewhere.

import { useId, useState } from 'preact/hooks';

import { asProblem, type Problem } from '../../api/problem.ts';
import { PhotoPicture } from '../../parts/photo_picture.tsx';
import { ProblemNotice } from '../../parts/notice.tsx';
import { pictureAlone } from '../../state/photo.ts';
import { client } from '../../state/session.ts';
import { texts } from '../../texts.ts';

const words = texts.fab.photo;

export function TakePhoto({
  order,
  epoch,
  about,
}: {
  order: string;
  epoch: number;
  about: string; // The piece, for those who do not see beside what the button stands.
}) {
  const id = useId();
  const [sending, setSending] = useState(false);
  const [kept, setKept] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const take = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    if (!file || sending) return;
    setSending(true);
    setProblem(null);
    try {
      await client.sendPhoto(order, epoch, await pictureAlone(file));
      setKept(kept + 1);
    } catch (thrown) {
      setProblem(asProblem(thrown));
    } finally {
      setSending(false);
      // The same file may be chosen again.
      input.value = '';
    }
  };
  return (
    <div class="take-photo">
      <input
        type="file"
        id={id}
        class="hidden-words"
        accept="image/*"
        capture="environment"
        aria-label={`${kept ? words.another : words.take}: ${about}`}
        aria-disabled={sending}
        data-photo-input
        onChange={(event) => void take(event.currentTarget)}
      />
      <label class="button" for={id}>
        {kept ? words.another : words.take}
      </label>
      <span class="quiet small" role="status">
        {sending ? `${words.sending}…` : kept > 0 ? words.done : ''}
      </span>
      {kept > 0 && !sending && (
        <PhotoPicture key={kept} order={order} epoch={epoch} label={words.kept} />
      )}
      {problem && <ProblemNotice problem={problem} />}
    </div>
  );
}
