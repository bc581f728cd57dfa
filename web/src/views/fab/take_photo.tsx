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

export function TakePhoto({ order }: { order: string }) {
  const id = useId();
  const [sending, setSending] = useState(false);
  const [kept, setKept] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const take = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    if (!file) return;
    setSending(true);
    setProblem(null);
    try {
      await client.sendPhoto(order, await pictureAlone(file));
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
        disabled={sending}
        data-photo-input
        onChange={(event) => void take(event.currentTarget)}
      />
      <label class="button" for={id}>
        {sending ? `${words.sending}…` : kept ? words.another : words.take}
      </label>
      <div role="status">
        {kept > 0 && <PhotoPicture key={kept} order={order} label={words.kept} />}
      </div>
      {problem && <ProblemNotice problem={problem} />}
    </div>
  );
}
