// SPDX-License-Identifier: GPL-3.0-or-later

export type {
  ActionRequest,
  Board,
  BoardWork,
  Candidate,
  Check,
  Fab,
  Job,
  JobEvent,
  JobQuestion,
  JobRequest,
  Machine,
  Me,
  Quote,
  Rejection,
  Why,
  WorkOrder,
} from '../../src/api/types.ts';
