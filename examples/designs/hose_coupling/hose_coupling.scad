// A straight barbed coupling that joins two garden hoses of the same bore.
// Millimetres. Print it standing on one end: nothing leans out by more than 45 degrees,
// so no support is needed.

bore_of_hose = 13;    // inner diameter of the hose
wall = 2.2;           // of the coupling's tube
barb_height = 1.0;    // how far a barb stands out
barb_length = 6;
barbs = 3;            // on each side
collar_length = 6;    // the stop in the middle, to grip while pushing
collar_rim = 3;       // how far it stands out

$fn = 64;

tube_radius = bore_of_hose / 2 - 0.2;
inner_radius = tube_radius - wall;
side_length = barbs * barb_length + 2;

// One side as an outline, turned about the axis: radius to the right, length upward.
function barb_points(i) = [
    [tube_radius + barb_height, i * barb_length + 2 + barb_height],
    [tube_radius, (i + 1) * barb_length + 2]
];

function side_points() = [
    for (i = [0 : barbs - 1]) each concat([[tube_radius, i * barb_length + 2]], [barb_points(i)[0]]),
    [tube_radius, side_length]
];

module side() {
    rotate_extrude()
        polygon(concat([[inner_radius, -0.5], [tube_radius, -0.5]], side_points(),
                       [[inner_radius, side_length]]));
}

module collar() {
    difference() {
        // A hexagon for the fingers; cut by a cone below, so that it can be printed in the air.
        intersection() {
            cylinder(r = tube_radius + collar_rim, h = collar_length, center = true, $fn = 6);
            translate([0, 0, -collar_length / 2])
                cylinder(r1 = tube_radius, r2 = tube_radius + collar_length, h = collar_length);
        }
        cylinder(r = inner_radius, h = collar_length + 1, center = true);
    }
}

translate([0, 0, side_length + collar_length / 2]) {
    collar();
    translate([0, 0, collar_length / 2]) side();
    mirror([0, 0, 1]) translate([0, 0, collar_length / 2]) side();
}
