// A coat hook with two screws. Millimetres.
// Print it lying on its side (as drawn): the layers then run along the pull,
// which is what makes it strong.

width = 18;
plate_height = 62;
plate_thickness = 5;
reach = 34;
arm_thickness = 8;
lip = 14;
screw_diameter = 4.5;

$fn = 48;

module outline() {
    // Rounded inside and outside: no sharp notch where the arm meets the plate.
    offset(r = -2.5) offset(delta = 2.5)
        offset(r = 1.5) offset(delta = -1.5)
            polygon([[0, 0], [reach, 0], [reach + lip * 0.5, lip],
                     [reach + lip * 0.5 - arm_thickness, lip + 3],
                     [reach - arm_thickness * 0.6, arm_thickness],
                     [plate_thickness, arm_thickness + 6],
                     [plate_thickness, plate_height], [0, plate_height]]);
}

module screw_hole(height) {
    translate([-1, height, width / 2]) rotate([0, 90, 0]) {
        cylinder(d = screw_diameter, h = plate_thickness + 2);
        translate([0, 0, plate_thickness - 1.5])
            cylinder(d1 = screw_diameter, d2 = screw_diameter + 5.5, h = 2.75);
    }
}

difference() {
    linear_extrude(height = width) outline();
    screw_hole(plate_height - 9);
    screw_hole(plate_height - 30);
}
