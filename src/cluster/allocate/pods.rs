//! Addresses of nodes and pods, and the blocks that pods' addresses come from.

use super::{Allocator, Cidr, Family, NodeHoldings, PodHoldings};
use crate::cluster::hash::Hash;
use crate::manifest::ObjectRef;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::rc::Rc;

/// Blocks of supplied nodes: 10.244.0.0/24 to 10.247.255.0/24.
const BLOCKS: u16 = 1024;
/// Blocks that the text may give to a node; Kubernetes knows one of each family.
const CIDRS_MAX: usize = 16;

fn block(number: u16) -> [Option<Cidr>; 2] {
    let second = 244 + (number >> 8) as u8;
    let v4 = IpAddr::V4(Ipv4Addr::new(10, second, number as u8, 0));
    let v6 = IpAddr::V6(Ipv6Addr::new(0xfd00, 0x10, 0x244, number, 0, 0, 0, 0));
    [Cidr::new(v4, 24), Cidr::new(v6, 64)]
}

impl Allocator<'_> {
    /// Addresses of a node whose text states none.
    pub(in crate::cluster) fn node_addresses(&mut self, name: &Rc<str>) -> Vec<IpAddr> {
        let addresses = |n: u16| [Family::V4.node_address(n), Family::V6.node_address(n)];
        let before = self.previous.nodes.get(name).and_then(|held| held.number);
        let free = |n: &u16| !self.taken.contains(&Family::V4.node_address(*n));
        let number = before.filter(free).or_else(|| {
            // What was taken stays so: each search begins where the last one ended.
            let number = (self.next_node..u16::MAX).find(free)?;
            self.next_node = number;
            Some(number)
        });
        let Some(number) = number else { return Vec::new() };
        self.holdings(name).number = Some(number);
        self.reserve_node_addresses(&addresses(number));
        addresses(number).to_vec()
    }

    /// Nobody else gets these.
    pub(in crate::cluster) fn reserve_node_addresses(&mut self, addresses: &[IpAddr]) {
        self.taken.extend(addresses);
    }

    fn holdings(&mut self, name: &Rc<str>) -> &mut NodeHoldings {
        Rc::make_mut(self.next.nodes.get_or_default(name.clone()))
    }

    /// Blocks that the text gives to a node.
    pub(in crate::cluster) fn written_node_blocks(&mut self, name: &Rc<str>, cidrs: &[Rc<str>]) {
        let blocks: Vec<Cidr> = cidrs.iter().take(CIDRS_MAX).filter_map(|cidr| Cidr::parse(cidr)).collect();
        let overlaps = |n: &u16| block(*n).iter().flatten().any(|b| blocks.iter().any(|w| w.overlaps(*b)));
        self.taken_blocks.extend((1..BLOCKS).filter(overlaps));
        self.written_blocks.insert(name.clone(), blocks);
    }

    /// The blocks that a node without written ones held before stay its own.
    pub(in crate::cluster) fn keep_node_blocks(&mut self, name: &Rc<str>) {
        let Some(held) = self.previous.nodes.get(name) else { return };
        for &number in &held.blocks.clone() {
            if self.block_is_free(number) {
                self.taken_blocks.insert(number);
                self.holdings(name).blocks.push(number);
            }
        }
    }

    /// The blocks of a node without written ones, at least one.
    pub(in crate::cluster) fn node_blocks(&mut self, name: &Rc<str>) -> Vec<Rc<str>> {
        if self.holdings(name).blocks.is_empty() {
            self.another_block(name);
        }
        let numbers = self.holdings(name).blocks.clone();
        numbers.into_iter().flat_map(cidr_texts).collect()
    }

    /// The CIDRs of a node that has more blocks now than are `known`, two CIDRs each; `None` where it
    /// has not, and where the text states them.
    pub(in crate::cluster) fn more_blocks(&self, name: &Rc<str>, known: &[Rc<str>]) -> Option<Vec<Rc<str>>> {
        let held = self.next.nodes.get(name).filter(|held| held.blocks.len() * 2 > known.len())?;
        Some(held.blocks.iter().flat_map(|&number| cidr_texts(number)).collect())
    }

    fn block_is_free(&self, number: u16) -> bool {
        !self.taken_blocks.contains(&number)
    }

    fn another_block(&mut self, name: &Rc<str>) -> Option<u16> {
        let free = (self.next_block..BLOCKS).find(|&n| self.block_is_free(n));
        self.next_block = free.unwrap_or(BLOCKS);
        let number = free?;
        self.taken_blocks.insert(number);
        self.holdings(name).blocks.push(number);
        Some(number)
    }

    /// Addresses that a pod's text states.
    pub(in crate::cluster) fn reserve_pod(&mut self, ips: &[IpAddr]) {
        self.taken.extend(ips);
    }

    /// The node on which a pod ran before.
    pub(in crate::cluster) fn node_before(&self, pod: &ObjectRef) -> Option<&Rc<str>> {
        self.previous.pods.get(pod).map(|held| &held.node)
    }

    /// Keeps the addresses that a pod had, where it still runs on that node. Says whether it had any.
    pub(in crate::cluster) fn keep_pod(&mut self, pod: &ObjectRef, generation: u32, node: &Rc<str>) -> bool {
        let Some(held) = self.previous.pods.get(pod) else { return false };
        let same = held.generation == generation && held.node == *node;
        if !same || held.ips.is_empty() || held.ips.iter().any(|ip| self.taken.contains(ip)) {
            return false;
        }
        self.taken.extend(&*held.ips);
        self.next.pods.insert(pod.clone(), held.clone());
        true
    }

    /// Remembers where a pod without an address of its own runs.
    pub(in crate::cluster) fn hold_node(&mut self, pod: &ObjectRef, generation: u32, node: &Rc<str>) {
        let held = PodHoldings { generation, node: node.clone(), ips: Rc::default() };
        self.next.pods.insert(pod.clone(), held);
    }

    /// A pod's addresses: those it keeps, else new ones of its node. Empty when the node has none left.
    pub(in crate::cluster) fn pod_ips(
        &mut self,
        pod: &ObjectRef,
        generation: u32,
        node: &Rc<str>,
    ) -> Rc<[IpAddr]> {
        if let Some(held) = self.next.pods.get(pod) {
            return held.ips.clone();
        }
        let hash = Hash::new().text(&pod.namespace).text(&pod.name).number(generation.into()).finish();
        let ips = self.free_pod_ips(node, hash);
        if !ips.is_empty() {
            self.taken.extend(&*ips);
            let held = PodHoldings { generation, node: node.clone(), ips: ips.clone() };
            self.next.pods.insert(pod.clone(), held);
        }
        ips
    }

    fn free_pod_ips(&mut self, node: &Rc<str>, hash: u64) -> Rc<[IpAddr]> {
        if let Some(blocks) = self.written_blocks.get(node) {
            let one = |family| blocks.iter().copied().find(|b| b.family == family);
            return self.in_blocks([one(Family::V4), one(Family::V6)], hash);
        }
        for at in 0..self.holdings(node).blocks.len() {
            let number = self.holdings(node).blocks[at];
            // Nothing is given back while a cluster is made.
            if self.full_blocks.contains(&number) {
                continue;
            }
            let ips = self.in_blocks(block(number), hash);
            if !ips.is_empty() {
                return ips;
            }
            self.full_blocks.insert(number);
        }
        match self.another_block(node) {
            Some(number) => self.in_blocks(block(number), hash),
            None => Rc::default(),
        }
    }

    /// The same host number in both families' blocks: it reads better.
    /// Number 1 is the node's end of the pod network.
    fn in_blocks(&self, blocks: [Option<Cidr>; 2], hash: u64) -> Rc<[IpAddr]> {
        let limit = blocks.iter().flatten().map(|b| b.size()).min().unwrap_or(0).min(1 << 16);
        let count = limit.saturating_sub(3);
        for i in 0..count {
            let host = 2 + (hash % count + i) % count;
            let ips = blocks.map(|block| block.map(|block| block.nth(host)));
            if ips.iter().flatten().any(|ip| self.taken.contains(ip)) {
                continue;
            }
            match ips {
                [Some(one), Some(other)] => return Rc::new([one, other]),
                [Some(one), None] | [None, Some(one)] => return Rc::new([one]),
                [None, None] => break,
            }
        }
        Rc::default()
    }
}

/// The CIDRs of a supplied block.
fn cidr_texts(number: u16) -> [Rc<str>; 2] {
    let second = 244 + (number >> 8);
    [format!("10.{second}.{}.0/24", number & 0xff).into(), format!("fd00:10:244:{number:x}::/64").into()]
}
