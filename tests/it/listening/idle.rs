//! Connections on which nothing is asked, and those for which there is no place.

use std::net::SocketAddr;

use scim_bridge::sandbox::{FaultAction, FaultRule};
use tokio::net::TcpSocket;

use super::bridge;
use super::wire::{Wire, head};
use crate::harness::person;

fn get() -> String {
    head("GET", "/scim/acme/v2/Users?count=0", "")
}

/// A connection from another address of this machine.
async fn from(number: u8, to: SocketAddr) -> Wire {
    let socket = TcpSocket::new_v4().unwrap();
    socket
        .bind(SocketAddr::from(([127, 0, 0, number], 0)))
        .unwrap();
    Wire(socket.connect(to).await.unwrap())
}

async fn is_served(wire: &mut Wire) {
    wire.write(get()).await;
    assert_eq!(wire.answer().await.status, 200);
}

#[tokio::test]
async fn a_connection_is_kept_between_requests_and_closed_when_nothing_is_asked_for_long() {
    let bridge = bridge("[server.connections]\nidle_timeout = \"400ms\"".to_owned()).await;
    let mut wire = Wire::to(bridge.app.addr()).await;
    for _ in 0..5 {
        is_served(&mut wire).await;
    }
    assert_eq!(wire.rest().await, b"");
}

#[tokio::test]
async fn beyond_the_number_of_connections_whoever_was_idle_for_longest_makes_room() {
    let bridge = bridge("[server.connections]\nmax = 4\nmax_per_address = 3".to_owned()).await;
    let address = bridge.app.addr();
    let (mut first, mut second) = (from(2, address).await, from(3, address).await);
    is_served(&mut first).await;
    is_served(&mut second).await;
    // The first one is asked again, so the second is the older one now, though it came later.
    is_served(&mut first).await;
    let (mut third, mut fourth) = (from(4, address).await, from(5, address).await);
    is_served(&mut third).await;
    is_served(&mut fourth).await;
    let mut fifth = from(6, address).await;
    is_served(&mut fifth).await;
    assert_eq!(second.rest().await, b"");
    for wire in [&mut first, &mut third, &mut fourth, &mut fifth] {
        is_served(wire).await;
    }
}

#[tokio::test]
async fn one_address_makes_room_for_itself_and_takes_none_from_others() {
    let bridge = bridge("[server.connections]\nmax = 50\nmax_per_address = 3".to_owned()).await;
    let address = bridge.app.addr();
    let mut other = from(9, address).await;
    is_served(&mut other).await;
    let mut greedy = Vec::new();
    for _ in 0..10 {
        let mut wire = from(2, address).await;
        is_served(&mut wire).await;
        greedy.push(wire);
    }
    for wire in greedy.iter_mut().take(7) {
        assert_eq!(wire.rest().await, b"");
    }
    for wire in greedy.iter_mut().skip(7) {
        is_served(wire).await;
    }
    is_served(&mut other).await;
}

#[tokio::test]
async fn a_request_that_is_served_never_makes_room() {
    let bridge = bridge("[server.connections]\nmax = 2\nmax_per_address = 2".to_owned()).await;
    let address = bridge.app.addr();
    bridge.faults([FaultRule::new(FaultAction::Hold).on_path("/api/")]);
    let mut held = Vec::new();
    for name in ["ann", "ben"] {
        let body = person(name).to_string();
        let lines = format!(
            "Content-Type: application/json\r\nContent-Length: {}\r\n",
            body.len()
        );
        let mut wire = from(2, address).await;
        wire.write(head("POST", "/scim/acme/v2/Users", &lines) + &body)
            .await;
        held.push(wire);
    }
    crate::converging::cloudmore::held(&bridge, 2).await;
    assert_eq!(from(3, address).await.rest().await, b"", "there is no room");
    bridge.faults([]);
    for wire in &mut held {
        assert_eq!(wire.answer().await.status, 201);
    }
    is_served(&mut from(3, address).await).await;
}
