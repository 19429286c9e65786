-- Makes the database and the users of one service, or brings them back to what its secret says.
-- May be run any number of times: it creates what is missing and sets what may have changed.
--
-- A database `orders` has an owner of the same name that cannot sign in, and two users that can
-- and act as the owner: Secrets Manager rotates between them, so that the password a running task
-- was started with goes on working until the next rotation.
-- https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-two-users.html

\getenv name SERVICE_DATABASE
\getenv current SERVICE_USER
\getenv password SERVICE_PASSWORD
\set first :name '_user'
\set second :name '_user_clone'

SELECT format('CREATE ROLE %I NOLOGIN', :'name')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec

SELECT format('CREATE ROLE %I LOGIN', login)
  FROM unnest(ARRAY[:'first', :'second']) AS login
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = login) \gexec

-- The administrator of RDS is no superuser: it may give a database only to a role it is in.
GRANT :"name" TO CURRENT_USER;
GRANT :"name" TO :"first", :"second";
ALTER ROLE :"first" SET ROLE TO :'name';
ALTER ROLE :"second" SET ROLE TO :'name';
ALTER ROLE :"current" PASSWORD :'password';

SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec

REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"name" TO :"name";
