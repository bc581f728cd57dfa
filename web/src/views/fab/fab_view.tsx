export function FabView(_: { id?: string }) { return <div class="view">fab</div>; }
