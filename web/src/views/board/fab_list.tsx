// SPDX-License-Identifier: GPL-3.0-or-later

import { useMemo, useState } from 'preact/hooks';

import type { Fab } from '../../api/types.ts';
import { fab_moods, moodOfFab, processesOf } from '../../figures/fab_state.ts';
import { LongList } from '../../parts/long_list.tsx';
import { Empty, Loading, ProblemNotice } from '../../parts/notice.tsx';
import { Shape } from '../../parts/shape.tsx';
import { fabs, fabsLoaded, fabsProblem, loadFabs, moreFabs } from '../../state/fabs.ts';
import { links } from '../../state/route.ts';
import { texts } from '../../texts.ts';

function wordsOf(fab: Fab): string {
  const machines = fab.machines.map(
    (machine) =>
      `${machine.model} ${texts.process(machine.process)} ${machine.materials
        .map((one) => texts.material(one.material))
        .join(' ')}`,
  );
  return `${fab.title} ${fab.fab} ${machines.join(' ')}`.toLowerCase();
}

function FabRow({ fab, chosen, choose }: { fab: Fab; chosen: boolean; choose: () => void }) {
  const mood = moodOfFab(fab);
  return (
    <a class={`row${chosen ? ' chosen' : ''}`} href={links.fab(fab.fab)} onFocus={choose}>
      <Shape mood={mood} label={texts.mood[mood] ?? mood} />
      <span class="row-title">{fab.title || fab.fab}</span>
      <span class="row-end">{texts.mood[mood]}</span>
      <span class="row-under">{processesOf(fab).map(texts.process).join(', ') || texts.none}</span>
      <span class="row-end quiet">
        {texts.board.machines(fab.machines.length + fab.machines_left_out)}
      </span>
    </a>
  );
}

export function FabList({
  chosen,
  choose,
}: {
  chosen: string | null;
  choose: (id: string) => void;
}) {
  const [search, setSearch] = useState('');
  const [mood, setMood] = useState('');
  const all = fabs.value;
  const shown = useMemo(() => {
    const wanted = search.trim().toLowerCase();
    const found = all.filter(
      (fab) =>
        (mood === '' || moodOfFab(fab) === mood) &&
        (wanted === '' || wordsOf(fab).includes(wanted)),
    );
    // What was touched on the map comes first.
    const at = chosen ? found.findIndex((fab) => fab.fab === chosen) : -1;
    return at > 0
      ? [...found.slice(at, at + 1), ...found.slice(0, at), ...found.slice(at + 1)]
      : found;
  }, [all, search, mood, chosen]);

  return (
    <>
      <div class="board-filter">
        <input
          type="search"
          aria-label={`${texts.board.search}: ${texts.board.searchHint}`}
          placeholder={texts.board.searchHint}
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <select
          aria-label={texts.board.allStates}
          value={mood}
          onChange={(event) => setMood(event.currentTarget.value)}
        >
          <option value="">{texts.board.allStates}</option>
          {fab_moods.map((one) => (
            <option key={one} value={one}>
              {texts.mood[one]}
            </option>
          ))}
        </select>
      </div>
      {fabsProblem.value && (
        <ProblemNotice problem={fabsProblem.value} retry={() => void loadFabs()} />
      )}
      {shown.length > 0 ? (
        <LongList
          items={shown}
          keyOf={(fab) => fab.fab}
          rowHeight={62}
          label={texts.board.fabs}
          row={(fab) => (
            <FabRow fab={fab} chosen={fab.fab === chosen} choose={() => choose(fab.fab)} />
          )}
        />
      ) : !fabsLoaded.value && !fabsProblem.value ? (
        <div class="board-wait">
          <Loading words={texts.board.loading} />
        </div>
      ) : all.length > 0 ? (
        <Empty words={texts.board.noJobsMatch} />
      ) : (
        <Empty words={texts.board.noFabs} next={texts.board.noFabsNext} />
      )}
      <div class="board-foot">
        <span>{texts.board.coarse}</span>
        <span data-shown={shown.length}>
          {texts.board.shown(shown.length, all.length)}
          {moreFabs.value ? ` ${texts.board.moreFabs}` : ''}
        </span>
      </div>
    </>
  );
}
