// SPDX-License-Identifier: GPL-3.0-or-later
// From a file to a job: the part, how it is made, where it is used, who can make it.

import { useEffect, useMemo, useState } from 'preact/hooks';

import { marksOf } from '../../preview/marks.ts';
import { Notice } from '../../parts/notice.tsx';
import { check, design, lookAgain, stage } from '../../state/design.ts';
import { draft, process } from '../../state/draft.ts';
import { followQuote } from '../../state/quote.ts';
import { mayDesign } from '../../state/session.ts';
import { texts } from '../../texts.ts';
import { Answer } from './answer.tsx';
import { DesignCard } from './design_card.tsx';
import { Findings } from './findings.tsx';
import { HowCard } from './how_card.tsx';
import { PictureCard } from './picture_card.tsx';
import { SubmitBar } from './submit_bar.tsx';
import { WhereCard } from './where_card.tsx';

export function SubmitView() {
  const [chosen, setChosen] = useState<number | null>(null);
  const found = check.value;
  const by = process.value;
  const marks = useMemo(() => (found ? marksOf(found, by) : []), [found, by]);
  useEffect(followQuote, []);
  useEffect(() => {
    // After a reload the design is at the router and only its check is missing.
    if (design.value && stage.value === 'none') lookAgain(draft.peek());
  }, []);
  useEffect(() => setChosen(null), [design.value?.design, by]);

  if (!mayDesign()) {
    return (
      <div class="view">
        <h1>{texts.submit.title}</h1>
        <Notice kind="warn">
          <p>{texts.submit.readOnly}</p>
          <p>{texts.submit.readOnlyNext}</p>
        </Notice>
      </div>
    );
  }
  return (
    <div class="view submit">
      <div class="view-head">
        <h1>{texts.submit.title}</h1>
      </div>
      <div class="submit-grid">
        <div class="submit-left">
          <DesignCard />
          <HowCard />
          <WhereCard />
        </div>
        <div class="submit-right">
          <PictureCard marks={marks} chosen={chosen} />
          {(found || stage.value === 'checking') && (
            <Findings marks={marks} chosen={chosen} choose={setChosen} />
          )}
        </div>
      </div>
      <Answer />
      <SubmitBar />
    </div>
  );
}
