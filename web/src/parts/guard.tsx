// SPDX-License-Identifier: GPL-3.0-or-later
// A fault in one view must not take the navigation with it.

import { Component, type ComponentChildren } from 'preact';

import { Problem } from '../api/problem.ts';
import { texts } from '../texts.ts';
import { ProblemNotice } from './notice.tsx';

export class Guard extends Component<{ children: ComponentChildren }, { failed: boolean }> {
  override state = { failed: false };

  override componentDidCatch(thrown: unknown): void {
    console.error(thrown);
    this.setState({ failed: true });
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    const problem = new Problem('unreadable', texts.problem.crash, texts.problem.crashNext);
    return <ProblemNotice problem={problem} retry={() => location.reload()} />;
  }
}
