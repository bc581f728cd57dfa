// SPDX-License-Identifier: GPL-3.0-or-later
// The frame round every view, and which view is in it.

import { useEffect, useRef } from 'preact/hooks';

import { Guard } from './parts/guard.tsx';
import { Empty, Loading, ProblemNotice } from './parts/notice.tsx';
import { TopBar } from './parts/top_bar.tsx';
import { links, route, type Route } from './state/route.ts';
import { checkSession, refusal, sessionState } from './state/session.ts';
import { texts } from './texts.ts';
import { BoardView } from './views/board/board_view.tsx';
import { FabView } from './views/fab/fab_view.tsx';
import { JobView } from './views/job/job_view.tsx';
import { ReportView } from './views/report/report_view.tsx';
import { SignInView } from './views/sign_in/sign_in_view.tsx';
import { SubmitView } from './views/submit/submit_view.tsx';

function titleOf(at: Route): string {
  switch (at.view) {
    case 'submit':
      return texts.submit.title;
    case 'report':
      return texts.report.title;
    case 'job':
      return at.job;
    case 'fab':
      return at.fab;
    case 'sign_in':
      return texts.signIn.title;
    default:
      return texts.board.title;
  }
}

function View({ at }: { at: Route }) {
  switch (at.view) {
    case 'board':
      return <BoardView />;
    case 'submit':
      return <SubmitView />;
    case 'job':
      return <JobView key={at.job} id={at.job} />;
    case 'fab':
      return <FabView key={at.fab} id={at.fab} />;
    case 'report':
      return <ReportView />;
    case 'sign_in':
      return <SignInView />;
    case 'unknown':
      return (
        <div class="view">
          <Empty words={texts.problem.nothingHere}>
            <a class="button" href={links.board}>
              {texts.problem.toBoard}
            </a>
          </Empty>
        </div>
      );
  }
}

function Content() {
  const at = route.value;
  switch (sessionState.value) {
    case 'checking':
      return (
        <div class="view">
          <Loading words={texts.signIn.checking} />
        </div>
      );
    case 'unreachable':
      return (
        <div class="view">
          {refusal.value && (
            <ProblemNotice problem={refusal.value} retry={() => void checkSession()} />
          )}
        </div>
      );
    case 'out':
      return <SignInView />;
    case 'in':
      return <View at={at} />;
  }
}

export function App() {
  const at = route.value;
  const content = useRef<HTMLElement>(null);
  const first = useRef(true);
  const name = JSON.stringify(at);
  useEffect(() => {
    document.title = `${titleOf(at)} · ${texts.name}`;
    // Who reads with a screen reader hears the new view; who has just come hears the page.
    if (!first.current) {
      content.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    first.current = false;
  }, [name]);
  return (
    <>
      <a
        class="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          content.current?.focus();
        }}
      >
        {texts.skip}
      </a>
      <TopBar />
      <main id="content" tabIndex={-1} ref={content}>
        <Guard key={name}>
          <Content />
        </Guard>
      </main>
    </>
  );
}
