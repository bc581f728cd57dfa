export function ReportView(_: { id?: string }) { return <div class="view">report</div>; }
