// SPDX-License-Identifier: Apache-2.0
// (this text; what is compiled from it holds parts of circomlib, which is GPL-3.0)
//
// "An account of this snapshot holds at least a threshold": docs/spec/claims.md. One instance a number of
// published values, V; `solvent ceremony` and scripts/claims.mjs write the instance's `component main`.
pragma circom 2.1.6;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/poseidon.circom";

// Levels of a batch's tree and of the tree of batch roots.
function DEPTH() { return 28; }
// Published values are below 2^67, halves of ids below 2^128.
function VALUE_BITS() { return 67; }
function HALF_BITS() { return 128; }
// What a leaf takes of values, and a run of more.
function MOST() { return 12; }
function RUN() { return 16; }

// in < 2^n.
template Below(n) {
    signal input in;
    // Each bit is 0 or 1, and together they make `in`; n < 253, so that they cannot make in + the order.
    component bits = Num2Bits(n);
    bits.in <== in;
}

// What stands for the values in a leaf: themselves, at most 12, or runs of 16 hashed, and so on.
function digestCount(V) {
    var n = V;
    while (n > MOST()) n = (n + RUN() - 1) \ RUN();
    return n;
}

template Digests(V) {
    signal input values[V];
    signal output out[digestCount(V)];
    if (V <= MOST()) {
        for (var i = 0; i < V; i++) out[i] <== values[i];
    } else {
        var runs = (V + RUN() - 1) \ RUN();
        component run[runs];
        component rest = Digests(runs);
        for (var i = 0; i < runs; i++) {
            // Each digest is the hash of its run; the last run is padded with zeros.
            run[i] = Poseidon(RUN());
            for (var j = 0; j < RUN(); j++) {
                if (RUN() * i + j < V) run[i].inputs[j] <== values[RUN() * i + j];
                else run[i].inputs[j] <== 0;
            }
            rest.values[i] <== run[i].out;
        }
        for (var i = 0; i < digestCount(V); i++) out[i] <== rest.out[i];
    }
}

// The root that a leaf and its siblings lead to, from the leaf's sibling up; bit 1: we are the right child.
template Climb(depth) {
    signal input leaf;
    signal input siblings[depth];
    signal input bits[depth];
    signal output root;

    signal node[depth + 1];
    signal left[depth];
    component hash[depth];
    node[0] <== leaf;
    for (var j = 0; j < depth; j++) {
        // A bit is 0 or 1: anything else would mix the two children into others.
        bits[j] * (bits[j] - 1) === 0;
        // left = the sibling where the bit is 1, else the node; right = what is left of the two.
        left[j] <== node[j] + bits[j] * (siblings[j] - node[j]);
        // The node above is the hash of both.
        hash[j] = Poseidon(2);
        hash[j].inputs[0] <== left[j];
        hash[j].inputs[1] <== node[j] + siblings[j] - left[j];
        node[j + 1] <== hash[j].out;
    }
    root <== node[depth];
}

template BalanceClaim(V) {
    // Public, in this order.
    signal input claimRoot;
    signal input value; // which of the published values, from 0
    signal input threshold;
    signal input scope;
    signal input challenge;
    signal input nullifier;
    // Private.
    signal input id[2]; // its halves, big-endian: the first 16 bytes, the last
    signal input claimKey;
    signal input values[V];
    signal input selected[V]; // 1 at `value`, else 0
    signal input siblings[DEPTH()];
    signal input path[DEPTH()]; // bit j of the leaf's place, from the least significant

    // Halves of the id are below 2^128: one id has one pair of them.
    component halfBelow[2];
    for (var i = 0; i < 2; i++) {
        halfBelow[i] = Below(HALF_BITS());
        halfBelow[i].in <== id[i];
    }

    // Every value is below 2^67: none stands for itself plus the order, nor for less than nothing.
    component valueBelow[V];
    for (var v = 0; v < V; v++) {
        valueBelow[v] = Below(VALUE_BITS());
        valueBelow[v].in <== values[v];
    }

    // The threshold is below 2^67, so that the difference below cannot wrap.
    component thresholdBelow = Below(VALUE_BITS());
    thresholdBelow.in <== threshold;

    // One-hot: each is 0 or 1, their sum is 1, and the one that is 1 stands at `value`.
    var sum = 0;
    var index = 0;
    signal parts[V];
    var held = 0;
    for (var v = 0; v < V; v++) {
        selected[v] * (selected[v] - 1) === 0;
        sum += selected[v];
        index += v * selected[v];
        // The value that is meant: Σ selected·values.
        parts[v] <== selected[v] * values[v];
        held += parts[v];
    }
    sum === 1;
    index === value;

    // It is at least the threshold: the difference of two numbers below 2^67 is below 2^67, not negative.
    component difference = Below(VALUE_BITS());
    difference.in <== held - threshold;

    // The leaf is that of the account: its domain is 2.
    component digests = Digests(V);
    for (var v = 0; v < V; v++) digests.values[v] <== values[v];
    var count = digestCount(V);
    component leaf = Poseidon(4 + count);
    leaf.inputs[0] <== 2;
    leaf.inputs[1] <== id[0];
    leaf.inputs[2] <== id[1];
    leaf.inputs[3] <== claimKey;
    for (var i = 0; i < count; i++) leaf.inputs[4 + i] <== digests.out[i];

    // Leaf and path lead to the root in the manifest.
    component climb = Climb(DEPTH());
    climb.leaf <== leaf.out;
    for (var j = 0; j < DEPTH(); j++) {
        climb.siblings[j] <== siblings[j];
        climb.bits[j] <== path[j];
    }
    climb.root === claimRoot;

    // The nullifier is this account's in this scope: its domain is 3.
    component mark = Poseidon(3);
    mark.inputs[0] <== 3;
    mark.inputs[1] <== claimKey;
    mark.inputs[2] <== scope;
    mark.out === nullifier;

    // The challenge stands in a constraint, so that no later simplification takes it out of the proof.
    signal bound <== challenge * challenge;
}
