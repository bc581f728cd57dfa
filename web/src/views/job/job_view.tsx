// SPDX-License-Identifier: GPL-3.0-or-later
// One job: how far it is, who makes it, why there, what happened; and its paper for the workshop.

import { useEffect, useMemo, useState } from 'preact/hooks';

import type { Job } from '../../api/types.ts';
import { moment, place as placeWords, shortId } from '../../figures/format.ts';
import { moodOfJob } from '../../figures/job_life.ts';
import { Rings, type RingPoint } from '../../map/rings.tsx';
import { loadWorld } from '../../map/world.ts';
import { Facts } from '../../parts/facts.tsx';
import { Loading, Notice, ProblemNotice } from '../../parts/notice.tsx';
import { Shape } from '../../parts/shape.tsx';
import { now } from '../../state/clock.ts';
import { fabsById } from '../../state/fabs.ts';
import { followJob, type OneJob } from '../../state/one_job.ts';
import { links } from '../../state/route.ts';
import { mayDesign } from '../../state/session.ts';
import { texts } from '../../texts.ts';
import { nameOfJob } from '../board/job_list.tsx';
import { CancelJob } from './cancel_job.tsx';
import { EventLog } from './event_log.tsx';
import { Photos } from './photos.tsx';
import { Pieces } from './pieces.tsx';
import { Steps } from './steps.tsx';
import { WhyHere } from './why_here.tsx';

const words = texts.job;

function HowNear({ job, one }: { job: Job; one: OneJob }) {
  const places = fabsById.value;
  const why = one.why.value;
  useEffect(() => void loadWorld('coarse'), []);
  const points = useMemo<RingPoint[]>(() => {
    const ids = new Map<string, RingPoint['mood']>();
    const kms = new Map<string, number>();
    for (const order of why?.work_orders ?? []) {
      for (const miss of order.rejections) {
        ids.set(miss.fab, 'away');
        kms.set(miss.fab, miss.distance_km);
      }
    }
    for (const order of why?.work_orders ?? []) {
      for (const able of order.candidates) {
        ids.set(able.fab, 'free');
        kms.set(able.fab, able.distance_km);
      }
    }
    const making = new Set(job.work_orders.map((order) => order.fab).filter((fab) => fab !== null));
    for (const fab of making) ids.set(fab, 'making');
    return [...ids].flatMap(([id, mood]) => {
      const fab = places.get(id);
      if (!fab) return [];
      const label = fab.title || id;
      const km = kms.get(id) ?? null;
      return [{ id, label, at: fab.place, km, mood, chosen: making.has(id) }];
    });
  }, [why, places, job.work_orders]);
  if (!job.at || points.length === 0) return null;
  return (
    <section class="card" aria-label={words.picture}>
      <h2>{words.picture}</h2>
      <Rings use={job.at} points={points} />
    </section>
  );
}

export function JobView({ id }: { id: string }) {
  const [one, setOne] = useState<OneJob | null>(null);
  const [cancelling, setCancelling] = useState(false);
  useEffect(() => {
    const followed = followJob(id);
    setOne(followed);
    return followed.close;
  }, [id]);
  const job = one?.job.value ?? null;
  const problem = one?.problem.value ?? null;

  if (!one || !job) {
    return (
      <div class="view">
        {problem ? (
          <ProblemNotice problem={problem} retry={one?.reload} />
        ) : (
          <Loading words={words.loading} />
        )}
      </div>
    );
  }
  const mood = moodOfJob(job);
  return (
    <div class="view job" data-job={job.job} data-state={job.state}>
      <p class="crumb no-print">
        <a href={links.board}>{words.back}</a>
      </p>
      <div class="view-head">
        <h1>
          <span class="only-print">{words.travellerTitle}: </span>
          {nameOfJob(job)}
        </h1>
        <span class={`state mood-${mood}`} role="status">
          <Shape mood={mood} /> {texts.jobState(job.state)}
        </span>
        <div class="actions no-print">
          <button type="button" class="button" onClick={() => print()}>
            {words.traveller}
          </button>
          {!job.final && mayDesign() && !job.cancel_wanted && (
            <button type="button" class="button danger" onClick={() => setCancelling(true)}>
              {words.cancel}
            </button>
          )}
        </div>
      </div>
      {problem && <ProblemNotice problem={problem} retry={one.reload} />}
      {job.reason && (
        <Notice kind={job.state === 'closed' ? 'good' : job.final ? 'bad' : 'warn'}>
          <p>{job.reason}</p>
        </Notice>
      )}
      {job.cancel_wanted && !job.final && (
        <Notice kind="warn">
          <p>{words.cancelWanted}</p>
        </Notice>
      )}
      <Steps job={job} events={one.events.value} />
      <div class="job-grid">
        <div>
          <Pieces job={job} />
          <WhyHere why={one.why.value} />
        </div>
        <div>
          <section class="card" aria-label={words.parts}>
            <h2>{words.parts}</h2>
            {job.parts.map((part, i) => (
              <div class="part-line" key={i}>
                <strong>{part.file}</strong>
                <span>
                  {texts.process(part.process)}, {texts.material(part.material)},{' '}
                  {words.quantity(part.quantity)}
                </span>
              </div>
            ))}
            <Facts
              rows={[
                [words.job, <code title={job.job}>{shortId(job.job)}</code>],
                [
                  words.submitted,
                  `${moment(job.submitted_at, now.value)} ${words.by(job.submitter)}`,
                ],
                job.at ? [words.use, placeWords(job.at)] : null,
                [words.changed, moment(job.changed_at, now.value, true)],
              ]}
            />
            {job.remarks.length > 0 && (
              <>
                <h3>{words.remarks}</h3>
                <ul class="loose">
                  {job.remarks.map((remark) => (
                    <li key={remark}>
                      <Shape mood="attention" /> <span>{remark}</span>
                    </li>
                  ))}
                </ul>
              </>
            )}
          </section>
          <Photos job={job} />
          <HowNear job={job} one={one} />
          <EventLog events={one.events.value} link={one.link.value} final={job.final} />
        </div>
      </div>
      {cancelling && <CancelJob job={job} close={() => setCancelling(false)} />}
    </div>
  );
}
