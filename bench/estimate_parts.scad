// estimate_parts.scad - parts of many kinds for scripts/bench estimate; -D part=N chooses one.
//
// Everyday things in small: brackets, boxes, gears, knobs, rings, hooks. Written for nearfab; own
// work, CC0-1.0. Each is a few centimetres large, so that slicing all of them takes minutes.

part = 0;
count = 40;
$fn = 48;

module plate(x, y, z, hole) difference() {
    cube([x, y, z]);
    for (i = [0 : 1], j = [0 : 1])
        translate([6 + i * (x - 12), 6 + j * (y - 12), -1]) cylinder(d = hole, h = z + 2);
}
module shell_box(x, y, z, wall) difference() {
    cube([x, y, z]);
    translate([wall, wall, wall]) cube([x - 2 * wall, y - 2 * wall, z]);
}
module bracket(a, b, w, t) {
    cube([a, w, t]);
    cube([t, w, b]);
    translate([t, w / 2 + 1.5, t]) rotate([90, 0, 0])
        linear_extrude(3) polygon([[0, 0], [a / 2, 0], [0, b / 2]]);
}
module tube(d, wall, h) difference() {
    cylinder(d = d, h = h);
    translate([0, 0, -1]) cylinder(d = d - 2 * wall, h = h + 2);
}
module cog(teeth, r, h, bore) difference() {
    union() {
        cylinder(r = r, h = h);
        for (i = [0 : teeth - 1]) rotate(i * 360 / teeth) translate([r - 1, -1.2, 0]) cube([4, 2.4, h]);
    }
    translate([0, 0, -1]) cylinder(d = bore, h = h + 2);
}
module vase(r, h, wall) rotate_extrude() difference() {
    polygon(concat([[0, 0]], [for (i = [0 : 20]) [r + 4 * sin(i * 18), i * h / 20]], [[0, h]]));
    polygon(concat([[0, 3]], [for (i = [3 : 20]) [r - wall + 4 * sin(i * 18), i * h / 20]], [[0, h]]));
}
module portal(span, h, w) {
    cube([6, w, h]);
    translate([span + 6, 0, 0]) cube([6, w, h]);
    translate([0, 0, h]) cube([span + 12, w, 4]);
}
module comb(n, x, z) {
    cube([n * 5, x, 3]);
    for (i = [0 : n - 1]) translate([i * 5, 0, 0]) cube([2, x, z]);
}
module hook(r, t, w) linear_extrude(w) {
    difference() { circle(r + t); circle(r); translate([-100, 0]) square([100, 100]); }
    translate([0, r]) square([t, 2 * r]);
}
module knob(n, r, h) difference() {
    linear_extrude(h) difference() {
        circle(r);
        for (i = [0 : n - 1]) rotate(i * 360 / n) translate([r + 1, 0]) circle(3);
    }
    translate([0, 0, -1]) cylinder(d = 6, h = h - 3);
}

if (part == 0) cube([20, 20, 20]);
if (part == 1) cube([60, 40, 3]);
if (part == 2) cube([10, 10, 60]);
if (part == 3) cylinder(d = 30, h = 30);
if (part == 4) cylinder(d = 8, h = 50);
if (part == 5) sphere(d = 30);
if (part == 6) plate(60, 40, 4, 5);
if (part == 7) plate(50, 50, 12, 8);
if (part == 8) shell_box(50, 40, 25, 2);
if (part == 9) shell_box(40, 30, 40, 1.2);
if (part == 10) shell_box(60, 60, 12, 3);
if (part == 11) bracket(40, 40, 20, 4);
if (part == 12) bracket(60, 30, 30, 6);
if (part == 13) tube(40, 2, 30);
if (part == 14) tube(25, 5, 40);
if (part == 15) tube(60, 1.6, 15);
if (part == 16) cog(18, 20, 6, 8);
if (part == 17) cog(30, 25, 12, 10);
if (part == 18) vase(18, 50, 1.6);
if (part == 19) vase(14, 35, 4);
if (part == 20) portal(25, 20, 15);
if (part == 21) portal(8, 30, 25);
if (part == 22) comb(9, 30, 25);
if (part == 23) comb(5, 50, 10);
if (part == 24) hook(12, 5, 12);
if (part == 25) hook(18, 4, 20);
if (part == 26) knob(8, 18, 18);
if (part == 27) knob(6, 12, 25);
if (part == 28) linear_extrude(4) text("nearfab", size = 12);
if (part == 29) linear_extrude(30, twist = 90) square(20, center = true);
if (part == 30) cylinder(d1 = 40, d2 = 4, h = 40);
if (part == 31) cylinder(d1 = 10, d2 = 40, h = 25);
if (part == 32) rotate_extrude() translate([18, 0]) circle(6);
if (part == 33) for (x = [0 : 3], y = [0 : 3]) translate([12 * x, 12 * y, 0]) cylinder(d = 6, h = 12);
if (part == 34) { cube([40, 40, 3]); for (x = [0 : 4], y = [0 : 4]) translate([3 + 8 * x, 3 + 8 * y, 0]) cylinder(d = 4, h = 12); }
if (part == 35) difference() { cube([50, 50, 5]); for (x = [0 : 5], y = [0 : 5]) translate([5 + 8 * x, 5 + 8 * y, -1]) cylinder(d = 6, h = 7, $fn = 6); }
if (part == 36) difference() { cube([40, 30, 30]); translate([8, -1, 8]) cube([24, 32, 14]); }
if (part == 37) { cylinder(d = 10, h = 30); translate([0, 0, 30]) cylinder(d = 40, h = 5); }
if (part == 38) linear_extrude(25) difference() { offset(4) square([40, 25]); offset(2) square([40, 25]); }
if (part == 39) { for (i = [0 : 9]) translate([0, 0, 3 * i]) cube([50 - 5 * i, 30, 3]); }
