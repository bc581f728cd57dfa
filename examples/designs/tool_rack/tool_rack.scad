// A rail for the wall that holds six screwdrivers or pliers by their shafts.
// Millimetres. Longer than the diagonal of a 180 mm bed, so a small printer
// cannot make it in one piece; a bed of 250 mm and more takes it turned, or straight.

length = 262;
depth = 32;
thickness = 5;
back_height = 24;
holes = 6;
hole_diameter = 14;
slot_width = 7;
screw_diameter = 4.5;
// The braces end below the screw heads: a brace that met a countersink would leave slivers.
brace_height = 10;

$fn = 48;

pitch = length / holes;

module shelf() {
    difference() {
        cube([length, depth, thickness]);
        for (i = [0 : holes - 1])
            translate([pitch * (i + 0.5), depth * 0.58, -1]) {
                cylinder(d = hole_diameter, h = thickness + 2);
                // The shaft slides in from the front.
                translate([-slot_width / 2, 0, 0]) cube([slot_width, depth, thickness + 2]);
            }
    }
}

module back() {
    difference() {
        cube([length, thickness, back_height]);
        for (x = [pitch, length / 2, length - pitch])
            translate([x, -1, back_height - 8]) rotate([-90, 0, 0]) {
                cylinder(d = screw_diameter, h = thickness + 2);
                translate([0, 0, thickness - 1.5])
                    cylinder(d1 = screw_diameter, d2 = screw_diameter + 5.5, h = 2.75);
            }
    }
}

module brace() {
    rotate([90, 0, 90])
        linear_extrude(height = 4)
            polygon([[thickness - 1, thickness - 1], [depth * 0.35, thickness - 1],
                     [thickness - 1, brace_height]]);
}

union() {
    shelf();
    back();
    for (i = [1 : holes - 1]) translate([pitch * i - 2, 0, 0]) brace();
}
